#!/bin/sh
# Gates this repository's own reference handlers: the working tree against origin/main, or against the
# commit before where that is what is checked out or there is none.
#   scripts/gate-ci.sh [FLAGS OF bench gate]
set -eu
cd "$(dirname "$0")/.."

commit_of() { git rev-parse --verify --quiet "$1^{commit}" || true; }

base=origin/main
if [ -z "$(commit_of $base)" ] || [ "$(commit_of $base)" = "$(commit_of HEAD)" ]; then base=HEAD^; fi
if [ -z "$(commit_of $base)" ]; then
  echo "gate: there is no commit to compare with, neither origin/main nor HEAD^"
  exit 0
fi

# esbuild reads the modules only: nothing of the base is run but its bundles.
BENCH_GATE_HEAD=$PWD
export BENCH_GATE_HEAD
exec npm run -s bench -- gate --against "$base" --build 'sh "$BENCH_GATE_HEAD/scripts/ci/install-base.sh"' \
  --backend dynamo,postgres --server apollo --memory 1769 --hold 4s \
  --min-pairs 3 --max-pairs 6 --budget 3m --inconclusive pass --skip-same --yes "$@"
