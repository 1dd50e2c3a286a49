import type { Random } from '../../base/random.ts';
import type { PartsMs } from '../../model/analysis.ts';
import type { Cell } from '../../model/run.ts';
import { scheduledIterations } from '../../model/scenario.ts';
import { PARTS } from '../../model/tables.ts';
import { memoryOf } from '../../model/testing/an-endpoint.ts';
import { callMs, callsOf, driftOf, OPERATIONS } from './sample-calls.ts';
import type { SampleRequest } from './sample-request.ts';

interface Slot {
  phase: SampleRequest['phase'];
  atS: number;
  /** Chance of a cold start. */
  cold: number;
}

/** The made-up requests of one trial, in the order in which they were sent. */
export function sampleTrial(cell: Cell, trial: number, random: Random): SampleRequest[] {
  const count = Math.round((scheduledIterations(cell.profile) ?? 1300) * (0.99 + random() * 0.02));
  const speed = Math.min(1.6, memoryOf(cell) / 1769);
  const backendMs = callMs(cell);
  const heavier = cell.endpoint.server === 'apollo' ? 1.25 : 1;
  const drift = driftOf(trial) * Math.exp((random() - 0.5) * 0.04);
  return slotsOf(cell, count).map(({ phase, atS, cold: chance }) => {
    const cold = random() < chance;
    const draw = random();
    const operation = OPERATIONS[draw < 0.5 ? 0 : draw < 0.85 ? 1 : 2];
    const spread = Math.exp((random() + random() + random() - 1.5) * 0.7) * drift;
    const stall = random() < 0.02 ? 3 + random() * 6 : 1;
    const parts: PartsMs = {
      client: 0.2 + random() * 0.3,
      network: 0.5 + random() * 0.3,
      front: 3.5 * spread,
      placement: cold ? 18 + random() * 30 : 0.6 + random() * 0.4,
      init: cold ? (190 * heavier * (0.9 + random() * 0.35)) / Math.min(1, speed * 1.4) : 0,
      handler: (2.6 * heavier * spread * (cold ? 14 : 1)) / speed,
      backend: backendMs * callsOf(cell, operation) * spread * stall,
      overhead: 0.3 + random() * 0.2,
      unexplained: random() * 0.8,
    };
    for (const part of PARTS) parts[part] = us(parts[part]);
    const totalMs = us(PARTS.reduce((sum, part) => sum + parts[part], 0));
    return {
      trial,
      atS,
      phase,
      operation: operation.name,
      cold,
      failed: random() < 0.0015,
      parts,
      totalMs,
    };
  });
}

/** When the requests of a profile are sent. */
function slotsOf({ profile }: Cell, count: number): Slot[] {
  if (profile.kind === 'cold') {
    return Array.from({ length: profile.coldStarts }, (_, i) => [
      { phase: 'hold' as const, atS: i * 2, cold: 1 },
      ...Array.from({ length: profile.warmRequests }, (__, n) => ({
        phase: 'warm' as const,
        atS: i * 2 + 1 + n / 10,
        cold: 0,
      })),
    ]).flat();
  }
  if (profile.kind === 'burst') {
    return Array.from({ length: count }, (_, i) => {
      const atS = (i / count) * profile.holdS;
      return { phase: 'hold', atS, cold: 1.1 * Math.exp(-atS / 0.7) };
    });
  }
  return Array.from({ length: count }, (_, i) => {
    const share = i / count;
    const phase = share < 50 / 1300 ? 'warm_up' : share < 300 / 1300 ? 'ramp' : 'hold';
    const atS =
      phase === 'warm_up'
        ? share * 260
        : phase === 'ramp'
          ? 10 + ((share - 0.0385) / 0.192) * 20
          : 30 + ((share - 0.2308) / 0.7692) * 50;
    return { phase, atS, cold: phase === 'hold' ? 0.013 : phase === 'ramp' ? 0.06 : 0.2 };
  });
}

/** A time as clocks give it, to the microsecond. */
export const us = (ms: number) => Math.round(ms * 1000) / 1000;
