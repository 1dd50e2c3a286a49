import { formatDurationS } from '../../base/duration.ts';
import { UsageError } from '../../base/errors.ts';
import { dollars } from '../../base/numbers.ts';
import type { Caps } from '../../config/settings/remote.ts';
import type { Bounds, CostEstimate } from '../../model/cost-estimate.ts';
import type { Plan } from '../../model/run.ts';

interface Cap {
  flag: string;
  allowed: number;
  /** The whole run, at the most. */
  wanted: number;
  /** What does not become less with fewer rounds. */
  once: number;
  show(value: number): string;
  what: string;
}

/**
 * Holds a plan against what it may come to at the most. Throws one UsageError for the first cap it
 * exceeds, which names the flag, both numbers and what would fit.
 */
export function checkCaps(plan: Plan, estimate: CostEstimate, caps: Caps): void {
  const trialsUsd = sumHigh(Object.values(estimate.trialUsd)) * plan.rounds;
  const checks: Cap[] = [
    {
      flag: '--max-requests',
      allowed: caps.maxRequests,
      wanted: estimate.requests.high,
      once: 0,
      show: (value) => `${Math.ceil(value).toLocaleString('en')} requests`,
      what: 'this run may send',
    },
    {
      flag: '--max-time',
      allowed: caps.maxTimeS,
      wanted: estimate.loadS.high,
      once: 0,
      show: formatDurationS,
      what: 'the load of this run may last',
    },
    {
      flag: '--max-cost',
      allowed: caps.maxCostUsd,
      wanted: estimate.usd.high,
      once: Math.max(0, estimate.usd.high - trialsUsd),
      show: (value) => `$${dollars(value)}`,
      what: 'this run may cost',
    },
  ];
  const broken = checks.find(({ wanted, allowed }) => wanted > allowed);
  if (broken === undefined) return;
  const { flag, what, show, wanted, allowed } = broken;
  throw new UsageError(
    `${what} ${show(wanted)}, more than ${flag} allows (${show(allowed)}): ${fitting(plan, broken)}, or raise ${flag} to ${raised(broken)}; "bench plan" shows what it comes to`,
  );
}

function fitting({ rounds, cells }: Plan, { allowed, wanted, once, show }: Cap): string {
  const perRound = (wanted - once) / rounds;
  const fit = Math.floor((allowed - once) / perRound);
  if (fit >= 1 && fit < rounds) return `${fit === 1 ? '1 round fits' : `${fit} rounds fit`}`;
  if (once >= allowed) {
    return `${show(once)} of it come without any load: leave out a backend or a data set`;
  }
  const share = (allowed - once) / perRound;
  const several = cells.length > 1 ? 'name fewer combinations, a lower rate' : 'take a lower rate';
  return `one round of ${cells.length === 1 ? 'its cell' : `its ${cells.length} cells`} is ${(1 / share).toFixed(1)} times too much: ${several} or a shorter load`;
}

/** A figure that is easy to write and enough. */
function raised({ flag, wanted }: Cap): string {
  if (flag === '--max-time') return `${Math.ceil(wanted / 60)}m`;
  const step = 10 ** Math.max(-2, Math.floor(Math.log10(wanted)) - 1);
  const value = Math.ceil(wanted / step) * step;
  return flag === '--max-cost' ? value.toFixed(value < 10 ? 2 : 0) : String(Math.round(value));
}

const sumHigh = (all: readonly Bounds[]) => all.reduce((sum, { high }) => sum + high, 0);
