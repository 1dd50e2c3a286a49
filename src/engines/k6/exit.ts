import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { ToolError } from '../../base/errors.ts';

const LOG_LINES = 5;
const LINE_LENGTH = 400;
const END_BYTES = 64 * 1024;

/** k6 could not open its REST API: another process took the port in between. */
export const ADDRESS_TAKEN = 106;
const SCRIPT_ABORTED = 108;

/** What k6's exit codes mean (errext/exitcodes of its source). */
const MEANINGS: Readonly<Record<number, string>> = {
  97: 'a cloud test run failed',
  99: 'a threshold was crossed',
  100: 'its setup took too long',
  101: 'its teardown took too long',
  102: 'it timed out',
  103: 'it was stopped through its REST API',
  104: 'its configuration is invalid',
  105: 'it was interrupted by a signal from outside',
  [ADDRESS_TAKEN]: 'it could not open its REST API',
  107: 'the script threw an exception',
  [SCRIPT_ABORTED]: 'the script aborted the test',
  109: 'it crashed (Go panic)',
  110: 'the script marked the test as failed',
  127: 'it could not be started',
};

/** The error for a k6 that did not drive the load to its end. Samples written so far stay. */
export function failureOf(ended: number | NodeJS.Signals, logPath: string): ToolError {
  const reason = ended === SCRIPT_ABORTED ? abortReason(logPath) : null;
  if (reason !== null) {
    return new ToolError(`k6 did not drive the load to its end: ${meaningOf(ended)}: ${reason}`);
  }
  const log = lastLines(logPath);
  const said = log === '' ? ' It logged nothing.' : ` The end of its log (${logPath}):\n${log}`;
  return new ToolError(`k6 did not drive the load to its end: ${meaningOf(ended)}.${said}`);
}

function meaningOf(ended: number | NodeJS.Signals): string {
  if (ended === 'SIGKILL') return 'it was killed (SIGKILL; is the machine out of memory?)';
  if (typeof ended === 'string') return `it was ended by ${ended}`;
  const meaning = MEANINGS[ended];
  return meaning === undefined ? `it ended with exit code ${ended}` : `${meaning} (exit ${ended})`;
}

/** What the script said when it aborted the test, without where in the script. */
function abortReason(logPath: string): string | null {
  const quoted = /msg="test aborted: (.*?)(?:\s+at \S+ \(file:.*)?"$/m.exec(endOf(logPath))?.[1];
  if (quoted === undefined) return null;
  return quoted.replaceAll(/\\[nt]/g, ' ').replaceAll(/\\(["\\])/g, '$1');
}

/** The error for a k6 that ended well but could not write all its samples; null where it could. */
export function unwrittenSamples(logPath: string, samplesPath: string): ToolError | null {
  // k6 only logs this, and drops what it could not write.
  if (!endOf(logPath).includes('CSV: Error')) return null;
  return new ToolError(`k6 could not write its samples to ${samplesPath}: is the disk full?`);
}

function lastLines(path: string): string {
  return endOf(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LOG_LINES)
    .map((line) => `  ${line.slice(0, LINE_LENGTH)}`)
    .join('\n');
}

/** The end of a file that may have grown large: k6 logs a line for every request that failed. */
function endOf(path: string): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    const read = readSync(file, end, 0, end.length, size - end.length);
    return end.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}
