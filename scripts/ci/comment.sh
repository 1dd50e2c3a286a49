#!/usr/bin/env bash
# Lays out what the comment workflow reads: comment.md and the pull request's number. Output: folder,
# only where there is a pull request.
set -euo pipefail

[[ -n $PULL_REQUEST ]] || exit 0
folder=$(mktemp -d "$RUNNER_TEMP/graphql-lambda-bench-comment-XXXXXX")
if [[ -f $REPORT_PATH/comment.md ]]; then
  cp "$REPORT_PATH/comment.md" "$folder/comment.md"
else
  # Else the comment of an earlier commit would stand there as if it were of this one.
  printf '%s\n**The gate gave no verdict** (exit code %s): the log of its step says why.\n' \
    '<!-- graphql-lambda-bench gate -->' "$EXIT_CODE" > "$folder/comment.md"
fi
printf '%s\n' "$PULL_REQUEST" > "$folder/pull-request"
printf 'folder=%s\n' "$folder" >> "$GITHUB_OUTPUT"
