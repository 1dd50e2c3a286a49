#!/bin/sh
# Checks the workflows, and action.yml through the workflow that uses it, with actionlint, which is built
# from the module here (go.sum pins every byte) into the cache of bench.
# Exit code: actionlint's; 4 where it cannot be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's/.*github.com\/rhysd\/actionlint \(v[0-9.]*\).*/\1/p' "$here/go.mod")
cache=${BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/graphql-lambda-bench}
actionlint=$cache/actionlint-$version/actionlint

if [ ! -x "$actionlint" ]; then
  if ! command -v go > /dev/null; then
    echo "actionlint: there is no go on PATH to build it with" >&2
    exit 4
  fi
  mkdir -p "$(dirname "$actionlint")"
  if ! (cd "$here" && CGO_ENABLED=0 GOWORK=off go build -mod=readonly -trimpath -buildvcs=false \
    -o "$actionlint.$$" github.com/rhysd/actionlint/cmd/actionlint); then
    rm -f "$actionlint.$$"
    echo "actionlint: go could not build it" >&2
    exit 4
  fi
  mv "$actionlint.$$" "$actionlint"
fi
# What else a machine may have would decide what is found.
cd "$here/../.."
exec "$actionlint" -no-color -shellcheck= -pyflakes= "$@"
