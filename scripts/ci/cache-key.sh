#!/usr/bin/env bash
# Where k6 and data sets are kept (src/base/cache.ts) and what they depend on. Outputs: folder, tool, args.
set -euo pipefail

if [[ -n ${BENCH_CACHE:-} ]]; then folder=$BENCH_CACHE
elif [[ ${XDG_CACHE_HOME:-} == /* ]]; then folder=$XDG_CACHE_HOME/graphql-lambda-bench
else folder=$HOME/.cache/graphql-lambda-bench
fi

if [[ $VERSION == local ]]; then
  tool=$(cat "$GITHUB_ACTION_PATH"/{package-lock.json,src/engines/k6/version.ts} | sha256sum)
else
  tool=$(printf %s "$VERSION" | sha256sum)
fi
# The flags name the backends and data sets whose snapshots come into being.
args=$(printf %s "$ARGS" | sha256sum)

{
  printf 'folder=%s\n' "$folder"
  printf 'tool=%s\n' "${tool:0:16}"
  printf 'args=%s\n' "${args:0:16}"
} >> "$GITHUB_OUTPUT"
