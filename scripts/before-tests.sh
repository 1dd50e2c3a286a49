#!/bin/sh
# What tests need, got while lint and types are checked.
set -eu
node scripts/get-python-tools.ts &
python=$!
node scripts/get-k6.ts &
k6=$!
trap 'kill $python $k6 2>/dev/null || true' EXIT
npm run -s check
wait $k6
wait $python
