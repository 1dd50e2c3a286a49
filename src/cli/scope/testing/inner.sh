# What a command finds that was started again within a scope.
echo "pid $$ uid $(id -u) scope $BENCH_SCOPE secret $SECRET args $* in $(pwd)"
case $1 in
  exit) exit 7 ;;
  read) read -r line; echo "read $line" ;;
  wait)
    trap 'echo interrupted; exit 130' INT
    echo waiting
    while :; do sleep 0.05; done ;;
esac
