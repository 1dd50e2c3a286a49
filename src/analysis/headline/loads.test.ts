import { expect, test } from 'vitest';
import type { Figure } from '../../model/analysis.ts';
import { noColdStarts } from '../../model/testing/empty.ts';
import { headline } from './headline.ts';
import { cell, figure } from './testing/headline-cell.ts';

test('forced cold starts: how long one takes, against the slowest, and what it is made of', () => {
  const made = (memoryMb: number, total: Figure) => {
    const one = cell(memoryMb, figure(300, 290, 310));
    one.cell.profile = { kind: 'cold', coldStarts: 20, warmRequests: 2 };
    one.coldStarts = noColdStarts({
      forced: true,
      medianTotalMs: total,
      penaltyMs: figure(295, 280, 310),
      medianInitMs: figure(210, 200, 220),
      billedInitMs: figure(211, 201, 221),
      firstCallMs: figure(70, 60, 80),
      warmCallMs: figure(2.1, 2, 2.2),
      connectionMs: figure(12, -3, 27),
    });
    return one;
  };
  expect(headline([made(1024, figure(412, 398, 430)), made(3008, figure(300, 290, 310))])).toEqual([
    'A cold start takes 300 ms [290, 310] at 3008 MB (295 ms [280, 310] more than a warm request), 1.4 times faster than at 1024 MB (412 ms [398, 430]).',
    'At 3008 MB initialisation takes 210 ms [200, 220] (211 ms [201, 221] of it billed), the handler’s first call 70.0 ms [60.0, 80.0] against 2.10 ms [2.00, 2.20] when warm.',
  ]);
});

test('a burst: the time until warm first, then the latency', () => {
  const made = (memoryMb: number, untilWarmS: Figure) => {
    const one = cell(memoryMb, figure(300, 290, 310));
    one.cell.profile = { kind: 'burst', ratePerS: 8, rateFromHost: true, holdS: 20 };
    one.burst = {
      binS: 0.5,
      points: [],
      untilWarmS,
      environments: figure(12, 10, 14, 'trials_t', 'count'),
      finding:
        'Warm 3.00 s [2.80, 3.20] after the first request, with 12.0 [10.0, 14.0] environments.',
    };
    return one;
  };
  const seconds = (value: number, low: number, high: number) =>
    figure(value, low, high, 'trials_t', 's');
  const slow = made(512, seconds(6, 5.5, 6.5));
  const quick = made(1024, seconds(3, 2.8, 3.2));
  expect(headline([slow, quick]).slice(0, 3)).toEqual([
    'At 1024 MB: warm 3.00 s [2.80, 3.20] after the first request, with 12.0 [10.0, 14.0] environments.',
    'The slowest to become warm is 512 MB: 6.00 s [5.50, 6.50].',
    expect.stringMatching(/^p99 is 300 ms/),
  ]);
  const [, undecided] = headline([made(512, seconds(3.1, 2.5, 3.8)), quick]);
  expect(undecided).toContain('the intervals do not show it to be slower than 1024 MB');
  expect(headline([quick])[0]).toMatch(/^Warm 3\.00 s/);
});
