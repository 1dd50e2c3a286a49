import { threeDigits } from '../base/numbers.ts';
import type { Run } from '../model/run.ts';
import type { LoadProfile } from '../model/scenario.ts';
import type { Warning } from '../model/warning.ts';
import type { LiveCell } from './provision.ts';
import type { RunSink, Tools } from './types.ts';

/**
 * Where the run has bursts: measures once how many environments the host initialises a second, with
 * the largest function of the first backend, and puts that rate where none was asked for. Changes the
 * run's and the live cells' profiles. A target without such a limit keeps the plan's rate.
 */
export async function settleBurstRates(
  run: Run,
  cells: readonly LiveCell[],
  tools: Tools,
  sink: RunSink,
): Promise<void> {
  const bursts = cells.filter(({ cell }) => cell.profile.kind === 'burst');
  const [first] = bursts;
  if (first === undefined) return;
  const measured = bursts
    .filter(({ cell }) => cell.endpoint.backend === first.cell.endpoint.backend)
    .reduce((a, b) => (memoryOf(b) > memoryOf(a) ? b : a));
  sink({ kind: 'step', text: 'measuring how many environments this host can initialise' });
  const hostInitsPerS = await tools.target.measureInitRate(measured.endpoint);
  run.hostInitsPerS = hostInitsPerS;
  if (hostInitsPerS === null) return;
  const ratePerS = burstRatePerS(hostInitsPerS);
  const settled = (profile: LoadProfile): LoadProfile =>
    profile.kind === 'burst' && profile.rateFromHost ? { ...profile, ratePerS } : profile;
  for (const live of cells) live.cell = { ...live.cell, profile: settled(live.cell.profile) };
  const planned = run.plan.cells.map((cell) => ({ ...cell, profile: settled(cell.profile) }));
  run.plan = { ...run.plan, cells: planned };
}

/** Rounded down to two significant digits: more would claim what a few inits cannot tell. */
function burstRatePerS(hostInitsPerS: number): number {
  const step = 10 ** (Math.floor(Math.log10(hostInitsPerS)) - 1);
  // The quotient of 0.29 and 0.01 is a little below 29.
  const rounded = Math.floor(hostInitsPerS / step + 1e-9) * step;
  return Math.max(1, Number(rounded.toPrecision(2)));
}

/** What voids a burst that asks for more environments a second than the host can initialise. */
export function burstWarnings(profile: LoadProfile, hostInitsPerS: number | null): Warning[] {
  if (profile.kind !== 'burst' || hostInitsPerS === null || profile.ratePerS <= hostInitsPerS) {
    return [];
  }
  return [
    {
      code: 'burst-above-host',
      severity: 'void',
      message:
        `a burst of ${threeDigits(profile.ratePerS)} requests/s, and this host can initialise ` +
        `${threeDigits(hostInitsPerS)} environments/s: its cold starts tell of this machine, not of Lambda`,
    },
  ];
}

const memoryOf = ({ cell }: LiveCell) => cell.endpoint.memoryMb ?? 0;
