import {
  dollars,
  formatBytes,
  formatMs,
  formatShare,
  threeDigits,
  unitOfMs,
} from '../base/numbers.ts';
import type { Figure } from '../model/analysis.ts';
import type { RepeatedMs } from '../model/run.ts';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,300`. */
export function formatCount(count: number | null): string {
  return count === null ? '–' : WHOLE.format(count);
}

/** A figure's value with its unit: `41.3 ms`, `2.1%`, `20.0/s`; `–` where there is none. */
export function figureText(figure: Figure): string {
  const { value, unit } = figure;
  if (value === null) return '–';
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatShare(value);
    case 'per_s':
      return `${threeDigits(value)}/s`;
    case 'count':
      return Math.abs(value - Math.round(value)) < 1e-6
        ? formatCount(Math.round(value))
        : threeDigits(value);
    case 'bytes':
      return formatBytes(value);
    case 'mb':
      return `${threeDigits(value)} MB`;
    case 'ratio':
      return `${threeDigits(value)}×`;
    case 's':
      return `${threeDigits(value)} s`;
    case 'usd':
      return `$${dollars(value)}`;
  }
}

/** The interval in the unit its value is shown in: `[38.2, 45.0]`; empty where there is none. */
export function intervalText(figure: Figure): string {
  const { value, low, high, unit } = figure;
  if (value === null || low === null || high === null) return '';
  // Trials that all have one value leave nothing to show.
  if (high - low <= 1e-9 * Math.abs(high)) return '';
  if (unit === 'bytes') return `[${formatBytes(low)}, ${formatBytes(high)}]`;
  const show =
    unit === 'ms'
      ? unitOfMs(value).show
      : unit === 'usd'
        ? dollars
        : (end: number) => threeDigits(unit === 'share' ? end * 100 : end);
  // What rounding leaves of a zero is a zero: `[0, 0.29]`.
  const digits = (end: number) => show(Math.abs(end) < 1e-9 ? 0 : end);
  return `[${digits(low)}, ${digits(high)}]`;
}

/** `41.3 ms [38.2, 45.0]`. */
export function figureWithInterval(figure: Figure): string {
  const interval = intervalText(figure);
  return interval === '' ? figureText(figure) : `${figureText(figure)} ${interval}`;
}

/** From the least to the greatest in the unit the median is shown in: `[398–430]`. */
export function rangeText({ medianMs, minMs, maxMs }: RepeatedMs): string {
  const { show } = unitOfMs(medianMs);
  return `[${show(minMs)}–${show(maxMs)}]`;
}

/** What an interval is, for people. */
export function intervalKind(figure: Figure): string {
  switch (figure.interval) {
    case 'trials_t':
      return `95% interval over ${figure.trials} trials`;
    case 'paired_t':
      return `95% interval over ${figure.trials} rounds, paired`;
    case 'within_trial':
      return '95% interval within one trial, true only if its requests are independent';
    case 'wilson':
      return '95% interval of a proportion (Wilson)';
    case 'none':
      return figure.note ?? 'no interval';
  }
}

/** `2026-11-20 19:15 UTC`; what is not a date stays as it is. */
export function formatInstant(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
