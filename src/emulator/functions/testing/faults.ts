import type { InvocationStatus } from '../../types.ts';

export type Language = 'nodejs' | 'go' | 'python';

/** What a fault needs of its function, beside the code. */
export interface Conditions {
  /** The variable INIT of the handlers in fixtures/handlers. */
  init?: string;
  timeoutS?: number;
  memoryMb?: number;
}

/** A way to fail, and what must come of it, the same in every language but for what `only` says. */
export interface Fault {
  name: string;
  conditions: Conditions;
  event: Record<string, unknown>;
  /** null: it is answered. The message may hold `<id>`, the request's id. */
  error: Told | null;
  /** Where a language's own client says it differently. */
  only?: Partial<Record<Language, Partial<Told & Pick<Fault, 'after' | 'recorded'>>>>;
  status: InvocationStatus;
  /** Of the record, where it is not that of the error. */
  recorded?: string;
  /** What became of its environment; none: it never was ready. */
  after: 'kept' | 'replaced' | 'none';
  /** Found in the function's log, in this order. */
  log?: RegExp[];
  /** Languages that have it. @default all */
  languages?: Language[];
  /** Memory is limited by control groups only. */
  needsGroups?: boolean;
}

interface Told {
  type: string;
  message: string | RegExp;
}

const SHORT_S = 1;
const TIMED_OUT: Told = {
  type: 'Sandbox.Timedout',
  message: 'RequestId: <id> Error: Task timed out after 1.00 seconds',
};
const exited = (how: string): Told => ({
  type: 'Runtime.ExitError',
  message: `RequestId: <id> Error: Runtime exited ${how}`,
});
const KILLED = exited('with error: signal: killed');
const EXIT_0 = exited('without providing a reason');
const EXIT_3 = exited('with error: exit status 3');
const AS_ASKED: Told = { type: 'AsAsked', message: 'as asked' };

const initReport = (phase: string, status: string): RegExp =>
  new RegExp(`^INIT_REPORT Init Duration: [\\d.]+ ms\\tPhase: ${phase}\\tStatus: ${status}\\t\\n$`);
const EXIT_LINE = /^RequestId: \S+ Error: Runtime exited .*\nRuntime\.ExitError\n$/;
const EXIT_REPORTS = ['init', 'invoke'].map((phase) =>
  initReport(phase, 'error\\tError Type: Runtime\\.ExitError'),
);
const ERROR_REPORTS = ['init', 'invoke'].map((phase) =>
  initReport(phase, 'error\\tError Type: Runtime\\.\\w+'),
);
const TIMEOUT_LINE = /^\S+Z \S+ Task timed out after 1\.00 seconds\n\n$/;

export const FAULTS: readonly Fault[] = [
  {
    name: 'none',
    conditions: {},
    event: { action: 'echo' },
    error: null,
    status: 'success',
    after: 'kept',
  },
  {
    name: 'the handler throws',
    conditions: {},
    event: { action: 'throw' },
    error: AS_ASKED,
    status: 'error',
    after: 'kept',
  },
  {
    name: 'exit 0 in the handler',
    conditions: {},
    event: { action: 'exit', code: 0 },
    error: EXIT_0,
    status: 'error',
    after: 'replaced',
    log: [EXIT_LINE],
  },
  {
    name: 'exit 3 in the handler',
    conditions: {},
    event: { action: 'exit', code: 3 },
    error: EXIT_3,
    status: 'error',
    after: 'replaced',
    log: [EXIT_LINE],
  },
  {
    name: 'killed by a signal in the handler',
    conditions: {},
    event: { action: 'signal' },
    error: KILLED,
    status: 'error',
    after: 'replaced',
    log: [EXIT_LINE],
  },
  {
    name: 'an error that nobody catches',
    conditions: {},
    event: { action: 'fatal' },
    error: AS_ASKED,
    status: 'error',
    recorded: 'Runtime.ExitError',
    after: 'replaced',
    log: [EXIT_LINE],
    // Python's threads end without their process.
    languages: ['nodejs', 'go'],
  },
  {
    name: 'no answer in time',
    conditions: { timeoutS: SHORT_S },
    event: { action: 'hang' },
    error: TIMED_OUT,
    status: 'timeout',
    after: 'replaced',
    log: [TIMEOUT_LINE],
  },
  {
    name: 'a response beyond 6 MB',
    conditions: {},
    event: { action: 'large', bytes: 6_300_000 },
    error: {
      type: 'Function.ResponseSizeTooLarge',
      message: /exceeded maximum allowed payload size/,
    },
    status: 'error',
    after: 'kept',
    // Its client takes the refusal for its own end.
    only: {
      go: { after: 'replaced', recorded: 'Runtime.ExitError' },
      python: { after: 'replaced', recorded: 'Runtime.ExitError' },
    },
  },
  {
    name: 'a result that cannot be serialised',
    conditions: {},
    event: { action: 'unserialisable' },
    error: { type: 'Runtime.JSONStringifyError', message: /^Unable to stringify response body/ },
    only: {
      go: { type: 'UnsupportedTypeError', message: /unsupported type: chan/ },
      python: { type: 'Runtime.MarshalError', message: /^Unable to marshal response/ },
    },
    status: 'error',
    after: 'kept',
  },
  {
    name: 'out of memory in the handler',
    conditions: { memoryMb: 128 },
    event: { action: 'memory' },
    error: KILLED,
    status: 'error',
    recorded: 'Runtime.OutOfMemory',
    after: 'replaced',
    log: [EXIT_LINE],
    needsGroups: true,
  },
  {
    name: 'the init throws',
    conditions: { init: 'throw' },
    event: { action: 'echo' },
    error: AS_ASKED,
    // A panic before its client runs is an exit.
    only: { go: { ...exited('with error: exit status 2'), recorded: 'Runtime.ExitError' } },
    status: 'error',
    recorded: 'Runtime.Unknown',
    after: 'none',
    log: ERROR_REPORTS,
  },
  {
    name: 'exit 0 in the init',
    conditions: { init: 'exit0' },
    event: { action: 'echo' },
    error: EXIT_0,
    status: 'error',
    after: 'none',
    log: [...EXIT_REPORTS, EXIT_LINE],
  },
  {
    name: 'exit 3 in the init',
    conditions: { init: 'exit3' },
    event: { action: 'echo' },
    error: EXIT_3,
    status: 'error',
    after: 'none',
    log: [...EXIT_REPORTS, EXIT_LINE],
  },
  {
    name: 'out of memory in the init',
    conditions: { init: 'memory', memoryMb: 128 },
    event: { action: 'echo' },
    error: KILLED,
    status: 'error',
    recorded: 'Runtime.OutOfMemory',
    after: 'none',
    log: [...EXIT_REPORTS, EXIT_LINE],
    needsGroups: true,
  },
];

/** With an initTimeoutMs of 300. */
export const SLOW_INITS: readonly Fault[] = [
  {
    name: 'an init that is too slow at first',
    conditions: { init: 'slow', timeoutS: 10 },
    event: { action: 'echo' },
    error: null,
    status: 'success',
    after: 'kept',
    log: [initReport('init', 'timeout')],
  },
  {
    name: 'an init that never ends',
    conditions: { init: 'hang', timeoutS: SHORT_S },
    event: { action: 'echo' },
    error: TIMED_OUT,
    status: 'timeout',
    after: 'none',
    log: [initReport('init', 'timeout'), initReport('invoke', 'timeout'), TIMEOUT_LINE],
  },
];

/** Those that a language has. @param limited whether this host limits memory */
export function faultsOf(language: Language, faults: readonly Fault[], limited: boolean): Fault[] {
  return faults.filter(
    ({ languages, needsGroups }) =>
      (languages?.includes(language) ?? true) && (limited || needsGroups !== true),
  );
}
