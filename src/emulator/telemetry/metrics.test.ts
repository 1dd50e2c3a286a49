import { expect, test } from 'vitest';
import { MetricSeries } from './metrics.ts';

const minute = 1_700_000_040;

function series(): MetricSeries {
  const made = new MetricSeries('Milliseconds', true);
  for (let i = 1; i <= 100; i += 1) made.add((minute + (i % 50)) * 1e6, i);
  made.add((minute + 60) * 1e6, 7);
  return made;
}

test.each([
  ['Sum', 5050],
  ['SampleCount', 100],
  ['Average', 50.5],
  ['Minimum', 1],
  ['Maximum', 100],
  ['p50', 50],
  ['p99', 99],
  ['p99.9', 100],
  ['p0', 1],
])('%s of a minute', (statistic, value) => {
  expect(series().statistic(statistic, minute, minute + 60, 60)).toEqual([{ atS: minute, value }]);
});

test('periods are aligned, ascending, and without gaps filled in', () => {
  expect(series().statistic('Sum', minute + 10, minute + 120, 60)).toEqual([
    { atS: minute, value: 5050 },
    { atS: minute + 60, value: 7 },
  ]);
  expect(series().statistic('Maximum', minute + 1, minute + 3, 1)).toEqual([
    { atS: minute + 1, value: 51 },
    { atS: minute + 2, value: 52 },
  ]);
});

test('what cannot be answered exactly is not answered', () => {
  expect(series().statistic('tm99', minute, minute + 60, 60)).toBeNull();
  expect(series().statistic('p101', minute, minute + 60, 60)).toBeNull();
  const counts = new MetricSeries('Count', false);
  counts.add(minute * 1e6, 1);
  expect(counts.statistic('p99', minute, minute + 60, 60)).toBeNull();
});

test('percentiles are exact over seconds that went to disk and points that came late', () => {
  const made = new MetricSeries('Milliseconds', true);
  const values: number[] = [];
  for (let i = 0; i < 60_000; i += 1) {
    const value = (i * 7919) % 60_013;
    values.push(value);
    // One in ten belongs to an earlier second than its neighbours.
    const second = i % 10 === 0 ? Math.floor(i / 2000) : Math.floor(i / 1000);
    made.add((minute + second) * 1e6, value);
  }
  values.sort((a, b) => a - b);
  for (const percentile of [1, 50, 99, 99.9]) {
    const rank = Math.ceil((percentile / 100) * values.length) - 1;
    expect(made.statistic(`p${percentile}`, minute, minute + 60, 60)).toEqual([
      { atS: minute, value: values[rank] },
    ]);
  }
  const whole = MetricSeries.merged([made, series()]);
  expect(whole?.statistic('SampleCount', minute, minute + 60, 60)?.[0]?.value).toBe(60_100);
  expect(whole?.statistic('p100', minute, minute + 60, 60)?.[0]?.value).toBe(values.at(-1));
});
