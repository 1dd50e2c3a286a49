import { dollars, formatBytes, formatMs, formatShare } from '../base/numbers.ts';
import { type GateMetric, METRIC_UNIT } from '../model/gate.ts';

/** A value in the metric's unit: `41.3 ms`, `2.10%`, `$0.842`, `402 kB`, `11 calls`. */
export function valueText(metric: GateMetric, value: number): string {
  switch (METRIC_UNIT[metric]) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatShare(value);
    case 'usd':
      return `$${dollars(value)}`;
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return value === 1 ? '1 call' : `${Number(value.toPrecision(3))} calls`;
  }
}

/** A share as percent or percentage points without the sign: `12.1`, `5`, `0.04`, `212`. */
export function hundredths(share: number): string {
  const value = Math.abs(share) * 100;
  if (value === 0 || value >= 100) return value.toFixed(0);
  if (value < 0.001) return '0.001';
  return value >= 0.1 ? value.toFixed(1) : value.toPrecision(1);
}

/** As it was asked for: `5`, `0.25`. */
export const toleranceText = (share: number) => String(Number((share * 100).toPrecision(6)));

/** A bound that must not read as the tolerance it is beyond, or within. */
export function hundredthsApart(share: number, tolerance: number): string {
  const plain = hundredths(share);
  if (Number(plain) !== Number(toleranceText(tolerance))) return plain;
  const digits = [2, 3, 4].map((one) => (Math.abs(share) * 100).toFixed(one));
  return digits.find((text) => Number(text) !== Number(toleranceText(tolerance))) ?? plain;
}
