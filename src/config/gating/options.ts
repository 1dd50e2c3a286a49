import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { HandlerSource } from '../../model/own-handler.ts';
import type { Flags } from '../settings/from-flags.ts';
import { handlerOf } from '../settings/own-handlers.ts';
import { type GateConfig, type GateSettings, gateSettings } from './settings.ts';
import { GATE_FLAG_KEYS, type GateFlagKey, gateFlagName } from './table.ts';

interface WrittenHandler extends HandlerSource {
  /** As it was written. */
  written: string;
}

/** What is compared with what. */
export type GateSides =
  /** The working tree with a revision of its repository. */
  | { kind: 'revision'; against: string }
  | { kind: 'handlers'; base: WrittenHandler; head: WrittenHandler }
  /** With figures of an earlier run; the path is as it was written. */
  | { kind: 'baseline'; path: string; enforce: boolean }
  /** With limits alone. */
  | { kind: 'budgets' };

/** What a gate was asked, checked. */
export interface GateOptions extends GateSettings {
  sides: GateSides;
  /** Where the verdict's files are copied to; absolute. */
  outputPath: string | null;
}

/** The four ways, each by the flags that choose it. */
const WAYS = [['against'], ['baseHandler', 'headHandler'], ['baseline'], ['budgetsOnly']] as const;
const WAYS_TEXT =
  '--against REF, --base-handler and --head-handler, --baseline FILE or --budgets-only';

/** A stored baseline is compared with by an ordinary test of a fixed number of rounds. */
const ROUNDS_BESIDE_BASELINE = 10;

/** Throws UsageError naming the flag, or the file and the field. */
export function gateOptions(flags: Flags, config: GateConfig | null, cwd: string): GateOptions {
  for (const key of ['rounds', 'preset'] as const) {
    if (flags[key] !== undefined) {
      throw new UsageError(
        `--${key} means nothing to gate, which ends when it knows: write --min-pairs and --max-pairs`,
      );
    }
  }
  for (const key of GATE_FLAG_KEYS) {
    // A variable of the shell that is not set.
    if (flags[key] === '') throw new UsageError(`${gateFlagName(key)}: nothing is given`);
  }
  const sides = sidesOf(flags, cwd);
  const settings = gateSettings(flags, config);
  refuseLost(sides, flags);
  const options = { ...settings, ...pairsOf(sides, flags, settings) };
  if (sides.kind === 'budgets') {
    if (settings.budgets.length === 0) {
      throw new UsageError(
        "--budgets-only needs limits: write gate.budgets in bench.config, such as { '*': { p99: '120ms' } }",
      );
    }
    options.metrics = [];
  }
  const { output } = flags;
  return {
    ...options,
    sides,
    outputPath: output === undefined ? null : resolve(cwd, String(output)),
  };
}

function sidesOf(flags: Flags, cwd: string): GateSides {
  const given = WAYS.map((keys) => keys.filter((key) => flags[key] !== undefined));
  const chosen = given.filter((keys) => keys.length > 0);
  if (chosen.length === 0) {
    throw new UsageError(`gate needs to know what it compares with: ${WAYS_TEXT}`);
  }
  if (chosen.length > 1) {
    const names = chosen.map((keys) => gateFlagName(keys[0] as GateFlagKey)).join(' and ');
    throw new UsageError(`${names} are two ways to gate; choose one of ${WAYS_TEXT}`);
  }
  const { against, baseHandler, headHandler, baseline } = flags;
  if (against !== undefined) return { kind: 'revision', against: String(against) };
  if (baseline !== undefined) {
    return { kind: 'baseline', path: String(baseline), enforce: flags.enforce === true };
  }
  if (flags.budgetsOnly !== undefined) return { kind: 'budgets' };
  if (baseHandler === undefined || headHandler === undefined) {
    const [there, missing] =
      baseHandler === undefined
        ? ['--head-handler', '--base-handler']
        : ['--base-handler', '--head-handler'];
    throw new UsageError(`${there} needs ${missing}: a gate compares two handlers`);
  }
  const handler = (value: unknown, named: string) => {
    const written = String(value);
    return { written, ...handlerOf(written, named, cwd) };
  };
  return {
    kind: 'handlers',
    base: handler(baseHandler, '--base-handler'),
    head: handler(headHandler, '--head-handler'),
  };
}

/** Flags that say nothing to this way; a configuration may say them for another. */
function refuseLost({ kind }: GateSides, flags: Flags): void {
  const lost: Record<GateSides['kind'], readonly (GateFlagKey | 'handler')[]> = {
    revision: ['enforce'],
    handlers: ['enforce', 'build', 'handler'],
    // It takes as many as the run of the baseline did.
    baseline: ['build', 'skipSame', 'initProbes'],
    budgets: ['enforce', 'build', 'skipSame', 'metrics'],
  };
  const way = {
    revision: '--against',
    handlers: '--base-handler and --head-handler',
    baseline: '--baseline',
    budgets: '--budgets-only',
  }[kind];
  const key = lost[kind].find((one) => flags[one] !== undefined);
  if (key === undefined) return;
  const flag = key === 'handler' ? '--handler' : gateFlagName(key);
  throw new UsageError(`${flag} means nothing beside ${way}; leave it out`);
}

/** A stored baseline is one sample: there are no looks, unless flags ask for them. */
function pairsOf(
  { kind }: GateSides,
  flags: Flags,
  { minPairs, maxPairs }: GateSettings,
): Pick<GateSettings, 'minPairs' | 'maxPairs'> {
  if (kind !== 'baseline') return { minPairs, maxPairs };
  const [least, most] = [flags.minPairs !== undefined, flags.maxPairs !== undefined];
  if (least && most) return { minPairs, maxPairs };
  if (most) return { minPairs: maxPairs, maxPairs };
  if (!least) return { minPairs: ROUNDS_BESIDE_BASELINE, maxPairs: ROUNDS_BESIDE_BASELINE };
  return { minPairs, maxPairs: Math.max(minPairs, ROUNDS_BESIDE_BASELINE) };
}
