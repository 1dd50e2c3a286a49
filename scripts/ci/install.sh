#!/usr/bin/env bash
# Installs bench: of this revision where VERSION is `local`, else from npm. Output: bench, the file to run.
set -euo pipefail

if [[ $VERSION == local ]]; then
  cd "$GITHUB_ACTION_PATH"
  installed=node_modules/.package-lock.json
  if [[ ! -f $installed || package-lock.json -nt $installed ]]; then
    npm ci --omit=dev --no-audit --no-fund --loglevel=error
  fi
  bench=$GITHUB_ACTION_PATH/src/cli/bench.js
elif [[ $VERSION =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]]; then
  folder=$RUNNER_TEMP/graphql-lambda-bench/npm
  mkdir -p "$folder"
  npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error \
    "graphql-lambda-bench@$VERSION"
  bench=$folder/node_modules/graphql-lambda-bench/src/cli/bench.js
else
  # npm takes addresses and folders, too: code of anywhere.
  echo '::error::version: write a version on npm such as 1.2.3, a tag such as latest, or local'
  exit 2
fi
printf 'bench=%s\n' "$bench" >> "$GITHUB_OUTPUT"
