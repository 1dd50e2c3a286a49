import { threeDigits, unitOfMs } from '../../base/numbers.ts';
import type { Figure } from '../../model/figure.ts';

/** A figure in words with its interval: `41.0 ms [38.0, 45.0]`, `71% [65, 77]`, `12.4 [11.0, 14.0]`. */
export function withInterval(figure: Figure): string {
  const { value, low, high } = figure;
  if (value === null) return 'unknown';
  const { show, unit } = shownIn(figure.unit, value);
  const start = show(value) + unit;
  if (low === null || high === null || isPoint(low, high)) return start;
  return `${start} [${show(low)}, ${show(high)}]`;
}

/** Trials that all have the same value: their logarithms and back leave a rounding error. */
const isPoint = (low: number, high: number) => high - low <= 1e-9 * Math.abs(high);

function countText(count: number): string {
  const whole = Math.round(count);
  return Math.abs(count - whole) < 1e-6 ? String(whole) : threeDigits(count);
}

function shownIn(
  unit: Figure['unit'],
  value: number,
): { show(value: number): string; unit: string } {
  switch (unit) {
    case 'ms':
    case 's': {
      const toMs = unit === 's' ? 1000 : 1;
      const time = unitOfMs(value * toMs);
      return { show: (x) => time.show(x * toMs), unit: ` ${time.unit}` };
    }
    case 'share':
      // -0 is what rounding makes of a bound just below zero.
      return { show: (x) => String(Math.round(x * 100) + 0), unit: '%' };
    case 'count':
      return { show: countText, unit: '' };
    default:
      return { show: threeDigits, unit: '' };
  }
}
