#!/usr/bin/env bash
# Appends the verdict to the job's summary.
set -euo pipefail

if [[ -f $REPORT_PATH/summary.md ]]; then
  cat "$REPORT_PATH/summary.md" >> "$GITHUB_STEP_SUMMARY"
else
  printf '**The gate gave no verdict** (exit code %s): the log of its step says why.\n' "$EXIT_CODE" \
    >> "$GITHUB_STEP_SUMMARY"
fi
