import { pause } from '../aws/waiting.ts';
import { ToolError, UsageError } from '../base/errors.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import type { Cell } from '../model/run.ts';
import type { LoadOperation } from '../model/scenario.ts';
import { ask } from './ask.ts';
import { lastWords } from './handler-log.ts';
import { answerProblem } from './smoke-answer.ts';

/** Between two rounds of what may not be ready yet: this, then twice as long up to the other. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;
/** What servers answer to a document they cannot take; time does not mend it. */
const REFUSED_DOCUMENT = 400;
/** Operations named of those with one problem. */
const PLACES_SHOWN = 3;

/** What is wrong with the answer to an operation. */
interface Problem {
  operation: LoadOperation;
  text: string;
  /** Whether the handler's log may say why. */
  failed: boolean;
  /** Whether it may be another in a while. */
  passing: boolean;
}

/** How long an endpoint that was just made may refuse, and who hears of it. */
export interface Patience {
  patienceMs: number;
  waiting(): void;
}
const NO_PATIENCE: Patience = { patienceMs: 0, waiting: () => {} };

/**
 * Sends the first row of every operation once and tells of every one that is not answered as it must
 * be: the operation with its place in the user's files, and the endpoint's own words. Where a new
 * endpoint has some time, all are asked again until one round is right: for seconds after a deploy an
 * API answers 403, 404 or 500 in turns with what it should, roles lack their rights, indexes rows.
 * Throws UsageError where the operations are the user's, else ToolError.
 */
export async function smokeTest(
  cell: Cell,
  endpoint: ProvisionedEndpoint,
  operations: readonly LoadOperation[],
  signal: AbortSignal,
  { patienceMs, waiting }: Patience = NO_PATIENCE,
): Promise<void> {
  const startedMs = Date.now();
  let problems = await problemsOf(endpoint, operations, signal);
  const mayPass = () => problems.length > 0 && problems.every(({ passing }) => passing);
  for (
    let pauseMs = FIRST_PAUSE_MS;
    mayPass() && Date.now() - startedMs < patienceMs;
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
  ) {
    waiting();
    await pause(pauseMs, signal);
    signal.throwIfAborted();
    problems = await problemsOf(endpoint, operations, signal);
  }
  if (problems.length === 0) return;
  const words = problems.some(({ failed }) => failed)
    ? await lastWords(endpoint, startedMs, signal)
    : [];
  const said = toldOf(problems, operations.length);
  const silentFailure = problems.some(({ text }) => text.startsWith('answers 502'));
  const told = `${cell.id}: ${said}${logOf(words, said, silentFailure)}`;
  const users = problems.some(({ operation }) => operation.origin !== undefined);
  throw users ? new UsageError(told) : new ToolError(told);
}

/** One round of all operations. */
async function problemsOf(
  endpoint: ProvisionedEndpoint,
  operations: readonly LoadOperation[],
  signal: AbortSignal,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  let silent = false;
  for (const operation of operations) {
    // Each would wait as long again for an endpoint that does not answer at all.
    const found: Found | null = silent ? NOT_TRIED : await problemOf(endpoint, operation, signal);
    if (found === null) continue;
    silent ||= found.silent;
    problems.push({ operation, text: found.text, failed: found.failed, passing: found.passing });
  }
  return problems;
}

interface Found extends Omit<Problem, 'operation'> {
  /** There was no answer at all. */
  silent: boolean;
}

const NOT_TRIED: Found = {
  text: 'not tried after that',
  failed: false,
  passing: true,
  silent: false,
};

async function problemOf(
  endpoint: ProvisionedEndpoint,
  operation: LoadOperation,
  signal: AbortSignal,
): Promise<Found | null> {
  const { name, query } = operation;
  const [row] = operation.rows;
  if (row === undefined) {
    return { text: 'has no variables to send', failed: false, passing: false, silent: false };
  }
  try {
    const answer = await ask(endpoint, { name, query, variables: row.variables }, signal);
    const text = answerProblem(answer, operation, row.digest, endpoint);
    const { status } = answer;
    const passing = status !== REFUSED_DOCUMENT;
    return text === null ? null : { text, failed: status >= 500, passing, silent: false };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { text: error.message, failed: true, passing: true, silent: true };
  }
}

/** Operations with the same problem share one line. */
function toldOf(problems: readonly Problem[], of: number): string {
  const places = new Map<string, string[]>();
  for (const { operation, text } of problems) {
    places.set(text, [...(places.get(text) ?? []), placed(operation)]);
  }
  const lines = [...places].map(([text, at]) => `${listed(at)}: ${text}`);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return only;
  const count = `${problems.length} of ${of} operations are not answered as they must be`;
  return [count, ...lines.map((line) => `  ${line}`)].join('\n');
}

function listed(places: readonly string[]): string {
  const shown = places.slice(0, PLACES_SHOWN).join(', ');
  const more = places.length - PLACES_SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function placed({ name, origin }: LoadOperation): string {
  return origin === undefined ? name : `${name} (${origin.file}:${origin.line})`;
}

/** What the log adds to what was said. A 502 without a word is an answer the front cannot read. */
function logOf(words: readonly string[], said: string, bad: boolean): string {
  const more = words.filter((line) => !said.includes(line));
  if (more.length > 0) return `\n  its log says\n${more.map((line) => `    ${line}`).join('\n')}`;
  return words.length === 0 && bad
    ? '; its log says nothing: a handler must answer {statusCode, headers, body}'
    : '';
}
