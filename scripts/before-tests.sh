#!/bin/sh
# What tests need, got while lint and types are checked.
set -eu
node scripts/get-python-tools.ts &
python=$!
trap 'kill $python 2>/dev/null || true' EXIT
npm run -s check
node scripts/get-k6.ts
wait $python
