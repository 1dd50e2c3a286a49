import type { ToldProfile } from '../../model/profile.ts';
import { type HeldSample, heldSamples } from './holders.ts';
import type { ProfiledCode } from './owners.ts';

/** Time of one package; all microseconds. */
export interface PackageUs {
  /** Its functions, and what they called of Node and V8. */
  selfUs: number;
  /** Also what it called of other packages. */
  withCallsUs: number;
  /** Of self. */
  garbageUs: number;
  nodeUs: number;
}

/** Where the time of a profile went: all of it, once, but for withCalls. */
export interface Attribution {
  packages: Map<string, PackageUs>;
  /** Our bootstrap and Node beneath it, until the handler's file is asked for and once it is loaded. */
  runtimeUs: number;
  /** Reading, compiling and linking the handler's file: of no package. */
  bundleUs: number;
  /** The process had nothing to do. */
  waitingUs: number;
}

/** @param window on the profile's clock; absent: all of it */
export function attribute(
  told: ToldProfile,
  code: ProfiledCode,
  window?: { fromUs: number; toUs: number },
): Attribution {
  const result: Attribution = { packages: new Map(), runtimeUs: 0, bundleUs: 0, waitingUs: 0 };
  for (const held of heldSamples(told, code)) {
    const us = overlap(held, window);
    if (us > 0) add(result, held, us);
  }
  return result;
}

function add(result: Attribution, held: HeldSample, us: number): void {
  const [holder] = held.holders;
  if (held.blank === 'idle') result.waitingUs += us;
  else if (holder !== undefined) {
    const time = packageTime(result, holder);
    time.selfUs += us;
    if (held.blank === 'garbage') time.garbageUs += us;
    if (held.inNode) time.nodeUs += us;
    for (const name of new Set(held.holders)) packageTime(result, name).withCallsUs += us;
  } else if (held.stage === 'loading') result.bundleUs += us;
  else result.runtimeUs += us;
}

function packageTime({ packages }: Attribution, name: string): PackageUs {
  const known = packages.get(name);
  if (known !== undefined) return known;
  const made = { selfUs: 0, withCallsUs: 0, garbageUs: 0, nodeUs: 0 };
  packages.set(name, made);
  return made;
}

function overlap({ sample }: HeldSample, window?: { fromUs: number; toUs: number }): number {
  if (window === undefined) return sample.toUs - sample.fromUs;
  return Math.min(sample.toUs, window.toUs) - Math.max(sample.fromUs, window.fromUs);
}
