import { formatMs } from '../../base/numbers.ts';
import type { InitPart, InitProfile, PackageTime, Spread } from '../../model/profile.ts';
import { median } from '../../stats/quantile.ts';
import type { Attribution, PackageUs } from './attribute.ts';
import { familyOf } from './package-name.ts';

/** One init with the profiler on. */
export interface ProfiledInit {
  initUs: number;
  /** Of the profile: from its start in the environment to the first request for an invocation. */
  profiledUs: number;
  attribution: Attribution;
}

/** Families below this are not worth a name in a sentence. */
const WORTH_NAMING_MS = 1;
const MOST_NAMED = 5;

/** What init spends its time on: medians over the inits. */
export function summariseInits(
  inits: readonly ProfiledInit[],
  plainUs: readonly number[],
): Pick<InitProfile, 'inits' | 'profiled' | 'plain' | 'parts' | 'families' | 'finding'> {
  const names = [...new Set(inits.flatMap(({ attribution }) => [...attribution.packages.keys()]))];
  const packages = names.map((name) => packageTime(name, inits));
  const families = [...Map.groupBy(packages, ({ name }) => familyOf(name))]
    .map(([name, members]) => ({
      name,
      self: spreadMs(inits.map((one) => sumSelf(one, members))),
      packages: members.sort((a, b) => b.self.medianMs - a.self.medianMs),
    }))
    .sort((a, b) => b.self.medianMs - a.self.medianMs);
  const part = (of: (init: ProfiledInit) => number) => spreadMs(inits.map(of));
  const parts: Record<InitPart, Spread> = {
    node: part(({ initUs, profiledUs }) => Math.max(0, initUs - profiledUs)),
    runtime: part(({ attribution }) => attribution.runtimeUs),
    bundle: part(({ attribution }) => attribution.bundleUs),
    waiting: part(({ attribution }) => attribution.waitingUs),
  };
  return {
    inits: inits.length,
    profiled: spreadMs(inits.map(({ initUs }) => initUs)),
    plain: spreadMs(plainUs),
    parts,
    families,
    finding: findingOf(families, parts),
  };
}

function packageTime(name: string, inits: readonly ProfiledInit[]): PackageTime {
  const of = (key: keyof PackageUs) =>
    inits.map(({ attribution }) => attribution.packages.get(name)?.[key] ?? 0);
  return {
    name,
    self: spreadMs(of('selfUs')),
    withCallsMs: spreadMs(of('withCallsUs')).medianMs,
    garbageMs: spreadMs(of('garbageUs')).medianMs,
    nodeMs: spreadMs(of('nodeUs')).medianMs,
  };
}

function sumSelf({ attribution }: ProfiledInit, members: readonly PackageTime[]): number {
  return members.reduce((sum, { name }) => sum + (attribution.packages.get(name)?.selfUs ?? 0), 0);
}

function spreadMs(us: readonly number[]): Spread {
  const values = us.map((value) => Math.round(value) / 1000);
  return {
    medianMs: median(values) ?? 0,
    minMs: values.length === 0 ? 0 : Math.min(...values),
    maxMs: values.length === 0 ? 0 : Math.max(...values),
  };
}

/** `Apollo 61 ms, aws-sdk 57 ms`: what a reader asks first. */
function findingOf(families: InitProfile['families'], parts: InitProfile['parts']): string {
  const named = families.filter(({ self }) => self.medianMs >= WORTH_NAMING_MS);
  const shown = named.slice(0, MOST_NAMED).map(timeText);
  const rest = families.filter((family) => !named.slice(0, MOST_NAMED).includes(family));
  const restMs = rest.reduce((sum, { self }) => sum + self.medianMs, 0);
  if (restMs >= WORTH_NAMING_MS) shown.push(`others ${formatMs(restMs)}`);
  const of = shown.length === 0 ? 'Loading the handler takes next to no time' : shown.join(', ');
  return `${of}; reading and compiling the bundle ${formatMs(parts.bundle.medianMs)}, Node and the runtime ${formatMs(parts.node.medianMs + parts.runtime.medianMs)}`;
}

function timeText({ name, self }: { name: string; self: Spread }): string {
  return `${name} ${formatMs(self.medianMs)}`;
}
