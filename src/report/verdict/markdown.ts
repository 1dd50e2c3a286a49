import type { GateResult } from '../../model/gate.ts';
import { gateDocument } from './markdown-document.ts';
import { shortened } from './markdown-shorten.ts';

/** What the workflow that posts the comment finds its own by; the first line of it. */
export const COMMENT_MARKER = '<!-- graphql-lambda-bench gate -->';

/** GitHub's limits: of a step's summary in bytes, of a comment in characters. */
export const MOST_SUMMARY_BYTES = 1_048_576;
export const MOST_COMMENT_CHARACTERS = 65_536;

/** The result for $GITHUB_STEP_SUMMARY, as GitHub's Markdown. */
export function summary(result: GateResult): string {
  return shortened(gateDocument(result), (text) => Buffer.byteLength(text) <= MOST_SUMMARY_BYTES);
}

/** The result for the one comment of a pull request: the marker, then the same as the summary. */
export function comment(result: GateResult): string {
  const marked = (text: string) => `${COMMENT_MARKER}\n${text}`;
  return marked(
    shortened(gateDocument(result), (text) => marked(text).length <= MOST_COMMENT_CHARACTERS),
  );
}
