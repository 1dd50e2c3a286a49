#!/bin/sh
# Puts what the lock file of a checkout names into it, without tools and without scripts of packages: a
# handler's bundle needs the modules only. Where the lock file is the head's, so is node_modules, and
# links to its files take a few seconds.
#   BENCH_GATE_HEAD  the head's folder
set -eu
linked() {
  [ -n "${BENCH_GATE_HEAD:-}" ] && cmp -s package-lock.json "$BENCH_GATE_HEAD/package-lock.json" &&
    cp -al "$BENCH_GATE_HEAD/node_modules" node_modules 2> /dev/null
}
if ! linked; then
  rm -rf node_modules
  npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
fi
