import { parseDurationS } from '../../base/duration.ts';
import { UsageError } from '../../base/errors.ts';
import { type Slo, sloSchema } from '../../model/run.ts';

/**
 * Parsers of single values. `named` says where the text stands, for messages: a flag (`--memory`) or
 * a field of the configuration (`bench.config.ts: memory`).
 */

/** Lambda keeps 100 of an account's 1,000 for functions without a reservation. */
export const MAX_CONCURRENCY = 900;
/** Nothing that runs on this machine needs more, and a slip of the finger should not cost an hour. */
const MAX_PHASE_S = 24 * 3600;
const MAX_RATE_PER_S = 100_000;
/** k6 is told rates in thousandths. */
const MIN_RATE_PER_S = 0.001;
const QUANTILES = sloSchema.shape.quantile.options;

/** The entries of a list that was written with commas between. */
export function split(text: string, named: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) {
    throw new UsageError(
      `${named}: "${text}" has an empty entry; write values with commas between`,
    );
  }
  return items;
}

export function distinct<T>(items: readonly T[], named: string): T[] {
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice !== undefined) throw new UsageError(`${named}: "${twice}" stands there twice`);
  return [...items];
}

export function whole(text: string, named: string, min: number, max: number, unit: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    const range = `${min.toLocaleString('en')} to ${max.toLocaleString('en')}${unit && ` ${unit}`}`;
    throw new UsageError(`${named}: "${text}" is not a whole number from ${range}`);
  }
  return value;
}

export function oneOf<T extends string>(text: string, named: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) {
    throw new UsageError(`${named}: "${text}" is unknown; choose from ${choices.join(', ')}`);
  }
  return found;
}

export function onOrOff(text: string, named: string): boolean {
  return oneOf(text, named, ['on', 'off']) === 'on';
}

export function ratePerS(text: string, named: string): number {
  const value = decimal(text);
  if (value === null || value < MIN_RATE_PER_S || value > MAX_RATE_PER_S) {
    throw new UsageError(
      `${named}: "${text}" is not a number of requests per second from ${MIN_RATE_PER_S} to ${MAX_RATE_PER_S.toLocaleString('en')}`,
    );
  }
  return value;
}

export function weight(text: string, named: string): number {
  const value = decimal(text);
  if (value === null || value <= 0 || value > 1e9) {
    throw new UsageError(`${named}: "${text}" is not a weight; write a number above 0`);
  }
  return value;
}

/** A duration of up to a day, in seconds; `0` needs no unit. */
export function lengthS(text: string, named: string): number {
  const seconds = text === '0' ? 0 : parseDurationS(text, named);
  if (seconds > MAX_PHASE_S) throw new UsageError(`${named}: ${text} is longer than a day`);
  return seconds;
}

export function positiveS(text: string, named: string): number {
  const seconds = lengthS(text, named);
  if (seconds > 0) return seconds;
  throw new UsageError(`${named}: ${text} is no time at all; write for example 20s`);
}

function decimal(text: string): number | null {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** `p99=100ms` */
export function slo(text: string, named: string): Slo {
  const [quantile = '', duration = '', ...more] = text.split('=').map((part) => part.trim());
  if (duration === '' || more.length > 0) {
    throw new UsageError(`${named}: "${text}" is no objective; write for example p99=100ms`);
  }
  return {
    quantile: oneOf(quantile, named, QUANTILES),
    ms: positiveS(duration, named) * 1000,
  };
}

/** Null: no limit. */
export function reservedOrNone(text: string, named: string): number | null {
  if (text === 'none') return null;
  if (!/^\d+$/.test(text)) {
    throw new UsageError(`${named}: "${text}" is neither a whole number nor none`);
  }
  return whole(text, named, 1, MAX_CONCURRENCY, '');
}

export function provisioned(text: string, named: string): number {
  return whole(text, named, 0, MAX_CONCURRENCY, '');
}

/** `10%` or `0.1`, as a share above 0 and up to 1. */
export function share(text: string, named: string): number {
  const percent = text.endsWith('%');
  const value = decimal(percent ? text.slice(0, -1).trim() : text);
  const found = value === null ? null : percent ? value / 100 : value;
  if (found !== null && found > 0 && found <= 1) return found;
  throw new UsageError(
    `${named}: "${text}" is not a share above 0 and up to 1; write for example 10%`,
  );
}

/** An amount of US dollars above 0. */
export function usd(text: string, named: string): number {
  const value = decimal(text.startsWith('$') ? text.slice(1) : text);
  if (value !== null && value > 0 && value <= 1e6) return value;
  throw new UsageError(`${named}: "${text}" is not an amount of US dollars; write for example 5`);
}
