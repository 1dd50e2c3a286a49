#!/usr/bin/env bash
# Runs a command where it may give its children CPU quotas and memory limits: as root or by sudo a group
# is made beside those of the system, handed to this user, joined by the command and removed after it.
# Where that cannot be, the command runs without, and a warning says what is lost. Exit code: the command's.
#   with-quotas.sh COMMAND [ARGUMENT …]
set -uo pipefail
root=${CGROUP_ROOT:-/sys/fs/cgroup}
name=graphql-lambda-bench
owner=$(id -u)

as_root() { if [[ $owner == 0 ]]; then "$@"; else sudo -n -- "$@"; fi; }

# v1: folders that bench looks for; they stay until the machine restarts.
prepare_v1() {
  [[ $owner != 0 ]] || return 0
  as_root sh -ec '
    owner=$1; shift
    mkdir -p "$@"
    chown -R "$owner" "$@"
  ' sh "$owner" "$root"/{cpu,cpuacct,memory}/"$name"
}

# v2: moving a process needs rights on both groups, so root moves this one before it becomes the command.
prepare_v2() {
  as_root sh -ec '
    printf "+cpu +memory" > "$1/cgroup.subtree_control"
    mkdir "$2"
    chown -R "$3" "$2"
    printf %s "$4" > "$2/cgroup.procs"
  ' sh "$root" "$group" "$owner" "$self"
}

# A group of this user's own with both controllers (a delegated scope): nothing is to be done.
has_own() {
  local own
  own=$root$(sed -n 's/^0:://p' /proc/self/cgroup)
  [[ $owner != 0 && -w $own && -w $own/cgroup.procs ]] &&
    grep -qw cpu "$own/cgroup.controllers" && grep -qw memory "$own/cgroup.controllers"
}

group=''
prepare=true
if [[ -d $root/cpu && -d $root/memory ]]; then prepare=prepare_v1
elif ! has_own; then
  group=$root/$name-$$
  prepare=prepare_v2
fi

(
  self=$BASHPID
  if ! problem=$($prepare 2>&1); then
    # In an annotation the first line is all there is.
    echo "::warning title=No CPU quotas::${problem%%$'\n'*}: every memory size gets the whole CPU (see bench doctor)" >&2
  fi
  exec "$@"
) &
command=$!
# bash would wait for the command before it heeds a signal.
trap 'kill -TERM "$command" 2> /dev/null' INT TERM
wait "$command"
code=$?
while kill -0 "$command" 2> /dev/null; do
  wait "$command"
  code=$?
done
if [[ -n $group && -d $group ]]; then
  as_root find "$group" -depth -type d -exec rmdir {} + 2> /dev/null
fi
exit "$code"
