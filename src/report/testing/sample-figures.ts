import type { Figure } from '../../model/analysis.ts';

export function quantile(sorted: number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

export function combine(
  values: number[],
  unit: Figure['unit'],
  trials: number,
  spread?: number,
): Figure {
  const logs = values.map((v) => Math.log(Math.max(v, 1e-9)));
  const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
  const variance = logs.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, logs.length - 1);
  const half = spread ?? 2.5 * Math.sqrt(variance / logs.length);
  const known = half > 0;
  return {
    value: Math.exp(mean),
    unit,
    low: known ? Math.exp(mean - half) : null,
    high: known ? Math.exp(mean + half) : null,
    interval: known ? 'trials_t' : 'none',
    n: 1000 * trials,
    trials,
    ...(known ? {} : { note: 'one trial gives no interval' }),
  };
}

/** The mean of values of any sign, with an interval over trials where there are two or more. */
export function meanOver(values: number[], unit: Figure['unit']): Figure {
  const trials = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, trials);
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, trials - 1);
  const half = trials > 1 ? 2.5 * Math.sqrt(variance / trials) : null;
  return {
    value: mean,
    unit,
    low: half === null ? null : mean - half,
    high: half === null ? null : mean + half,
    interval: half === null ? 'none' : 'trials_t',
    n: trials,
    trials,
    ...(half === null ? { note: 'one trial gives no interval' } : {}),
  };
}

export function wilson(hits: number, n: number, trials: number): Figure {
  const z = 1.96;
  const p = hits / n;
  const centre = (p + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n);
  return {
    value: p,
    unit: 'share',
    low: Math.max(0, centre - half),
    high: centre + half,
    interval: 'wilson',
    n,
    trials,
  };
}
