import { expect, test } from 'vitest';
import { trialEvidence } from '../testing/trial-evidence.ts';
import { closedModel, hiddenByStalls } from './stalls.ts';

const closed = {
  kind: 'closed',
  vus: 1,
  thinkTimeS: 0,
  warmUpS: 0,
  rampS: 0,
  holdS: 10,
} as const;

test('a stall of 100 requests’ time that one request met is that of 100 requests', () => {
  // 989 answers in 10 ms, 10 in 11 ms, one in 1,000 ms: with those held back at 990, 980, … ms p99
  // is among the 100 of the stall. Of 1,099 the rank is ⌈1,088.01⌉ = 1,089: the eleventh from the top.
  const sorted = Float64Array.from([...Array(989).fill(10), ...Array(10).fill(11), 1000]);
  expect(hiddenByStalls(sorted, 10)).toBeCloseTo(900 / 11, 6);
  // Users who think for a second would have sent none meanwhile.
  expect(hiddenByStalls(sorted, 1010)).toBe(1);
  expect(hiddenByStalls(Float64Array.from([1, 2, 3]), 10)).toBeNull();
});

test('a closed load whose tail hides a tenth or more is doubtful, an open one is not asked', () => {
  const of = (...ratios: (number | null)[]) =>
    closedModel(
      trialEvidence(
        ratios.map((ratio) => ({ hiddenByStalls: ratio })),
        { profile: closed },
      ),
    )[0];
  expect(of(1.02, 1.04)?.state).toBe('sound');
  expect(of(1.5, 1.5)).toMatchObject({
    state: 'doubtful',
    shown: 'with the requests it held back p99 would be 50.0% higher',
  });
  expect(of(null)?.state).toBe('unknown');
  expect(closedModel(trialEvidence([{ hiddenByStalls: 2 }]))).toEqual([]);
});
