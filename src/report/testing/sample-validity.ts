import type { CellAnalysis, Check } from '../../model/analysis.ts';
import type { Cell } from '../../model/run.ts';
import { memoryOf } from '../../model/testing/an-endpoint.ts';

/** Sound checks; of five trials or more some cells have one that is left out and one that is doubtful. */
export function sampleValidity(
  { endpoint }: Cell,
  requests: number,
  trials: number,
): CellAnalysis['validity'] {
  const spoiled = trials >= 5 && endpoint.server === 'apollo' && endpoint.backend !== 'rest';
  // The same trials every time, spread over the grid.
  const place = (trial: number) => (spoiled ? (memoryOf({ endpoint }) / 128 + trial * 7) % 11 : 0);
  const all = Array.from({ length: trials }, (_, i) => oneTrial(i + 1, place(i + 1)));
  const out = all.filter(({ used }) => !used).map(({ trial }) => trial);
  const checks = checksOf(requests);
  if (out.length === 0) return { state: 'sound', checks, trials: all };
  checks.push({
    name: 'trials-left-out',
    label: 'Trials that this host or the tool spoiled',
    value: out.length,
    shown: `${out.length} of ${trials} (trial ${out.join(', ')}), left out: Wait for a core of this host (${out.length})`,
    threshold: '0; void where more than half are',
    state: 'doubtful',
    about: 'measurement',
    why: 'The others measured the same endpoint under the same load; but fewer trials tell less.',
  });
  return { state: 'doubtful', checks, trials: all };
}

function oneTrial(trial: number, at: number): CellAnalysis['validity']['trials'][number] {
  if (at === 3) {
    const reasons = ['Wait for a core of this host: 31% of the environments’ time'];
    return { trial, state: 'void', used: false, spoiled: true, reasons };
  }
  if (at === 6) {
    const reasons = ['Drift within the trial: p50 rises by 14%'];
    return { trial, state: 'doubtful', used: true, spoiled: false, reasons };
  }
  return { trial, state: 'sound', used: true, spoiled: false, reasons: [] };
}

function checksOf(requests: number): Check[] {
  return bareChecksOf(requests).map((check) => ({ ...check, about: 'measurement' }));
}

function bareChecksOf(requests: number): Omit<Check, 'about'>[] {
  const n = requests.toLocaleString('en-US');
  return [
    {
      name: 'trace-coverage',
      label: 'Requests with a trace',
      value: 0.9992,
      shown: `${(requests - 1).toLocaleString('en-US')} of ${n} (99.9%)`,
      threshold: '≥ 99%',
      state: 'sound',
      why: 'Below it the breakdown may miss the requests that matter, those of the tail.',
    },
    {
      name: 'dropped-iterations',
      label: 'Arrivals dropped by the generator',
      value: 0,
      shown: `0 of ${n}`,
      threshold: '0',
      state: 'sound',
      why: 'A dropped arrival is a request that was never measured: coordinated omission.',
    },
    {
      name: 'host-wait',
      label: 'Wait for a core of this host',
      value: 0.012,
      shown: '1.2% of the environments’ time',
      threshold: '≤ 5%',
      state: 'sound',
      why: 'Lambda would not have made them wait; beyond it the host is the bottleneck.',
    },
    {
      name: 'lost-datagrams',
      label: 'Lost X-Ray datagrams',
      value: 0,
      shown: '0',
      threshold: '0',
      state: 'sound',
      why: 'Each may have been a backend call that is now counted as handler time.',
    },
  ];
}
