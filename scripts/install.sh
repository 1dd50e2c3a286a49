#!/bin/sh
# Installs what the lock file names, unless it is installed already. Runs before there is any Node of
# ours, so it is a shell script and calls npm alone.
set -eu
cd "$(dirname "$0")/.."
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-fund --no-audit --loglevel=error
fi
