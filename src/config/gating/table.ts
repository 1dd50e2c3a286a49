/**
 * Every flag of `bench gate` beside those of a run, once. The order is that of the help. No imports:
 * `bench --help` reads it.
 */

interface GateFlag {
  help: string;
  /** What stands for the value in the help; a switch has none. */
  placeholder?: string;
  /** As it would be written. */
  default?: string;
  /** Where it depends. */
  shownDefault?: string;
  /** It stands below `gate` in a configuration, too. */
  configured?: true;
}

export const GATE_FLAGS = {
  against: {
    placeholder: '<ref>',
    help: 'base is this revision, head the working tree: origin/main',
  },
  baseHandler: {
    placeholder: '<file[#export]>',
    help: 'base is this handler; beside --head-handler',
  },
  headHandler: {
    placeholder: '<file[#export]>',
    help: 'head is this handler; beside --base-handler',
  },
  baseline: {
    placeholder: '<file>',
    help: 'compare with a stored baseline ("bench baseline save"): advice, unless --enforce',
  },
  budgetsOnly: {
    help: 'compare with nothing: judge the limits of gate.budgets in bench.config',
  },
  enforce: { help: "a stored baseline's verdict decides the exit code, too" },
  metrics: {
    placeholder: '<m=n%,…>',
    help: 'what gates, each with the growth that is tolerated: p50, p95, p99, init, handler, backend, cost, errorRate, coldShare, bundleSize, backendCalls',
    default: 'p50=5%,init=5%',
    configured: true,
  },
  alpha: {
    placeholder: '<n>',
    help: 'how often it may be wrong: fail though all is tolerated, or pass what is not',
    default: '0.05',
    configured: true,
  },
  minPairs: {
    placeholder: '<n>',
    help: 'pairs (a trial of base and one of head) before the first verdict',
    default: '5',
    configured: true,
  },
  maxPairs: {
    placeholder: '<n>',
    help: 'pairs after which it ends undecided',
    default: '30',
    configured: true,
  },
  budget: {
    placeholder: '<time>',
    help: 'begin no pair that would end after this: 8m',
    configured: true,
  },
  inconclusive: {
    placeholder: '<pass|fail>',
    help: 'what an undecided gate counts as, in place of exit code 98',
    configured: true,
  },
  build: {
    placeholder: '<command>',
    help: '--against: makes a checkout ready, installing included: "npm ci && npm run build"',
    configured: true,
  },
  skipSame: {
    help: 'measure nothing where the code of both sides is the same, byte for byte',
    configured: true,
  },
  initProbes: {
    placeholder: '<n>',
    help: 'initialisations measured before the load of every trial; 0: init is taken under load',
    shownDefault: 'as many as 2 s hold, 5 to 31',
    configured: true,
  },
  output: {
    placeholder: '<folder>',
    help: 'the verdict in every format and the report are copied there',
  },
} as const satisfies Record<string, GateFlag>;

export type GateFlagKey = keyof typeof GATE_FLAGS;
export const GATE_FLAG_KEYS = Object.keys(GATE_FLAGS) as GateFlagKey[];

export function gateFlagOf(key: GateFlagKey): GateFlag {
  return GATE_FLAGS[key];
}

/** `minPairs` → `--min-pairs` */
export function gateFlagName(key: GateFlagKey): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Load of a gate where nobody says one: many short trials tell more than few long ones. */
export const GATE_RAMP = { rate: '50', warmUp: '1s', ramp: '1s', hold: '5s' } as const;
/** Its hold where a p99 gates: 400 requests, of which a p99 needs 368. */
export const GATE_P99_HOLD = '8s';
