import { UsageError } from '../../base/errors.ts';
import { type GateMetric, METRIC_UNIT } from '../../model/gate.ts';
import { positiveS } from '../settings/values.ts';

/** Parsers of a gate's single values; `named` says where the text stands, as in settings/values.ts. */

const BYTES_OF: Record<string, number> = { B: 1, kB: 1_000, MB: 1_000_000 };
/** Ten times as slow is no longer a tolerance. */
const MOST_TOLERATED = 10;
/** Nobody waits for more. */
export const MOST_PAIRS = 1000;

/** `5%` → 0.05; of errorRate and coldShare in shares of the requests. */
export function tolerance(text: string, named: string): number {
  const value = percentage(text);
  if (value === null || value > MOST_TOLERATED) {
    throw new UsageError(
      `${named}: "${text}" is not a percentage from 0% to ${MOST_TOLERATED * 100}%; write for example 5%`,
    );
  }
  return value;
}

/** The limit of a budget in its metric's unit: milliseconds, dollars per million requests, a share, bytes. */
export function limit(text: string, metric: GateMetric, named: string): number {
  const value = limitOf(text, metric, named);
  if (value > 0) return value;
  throw new UsageError(`${named}: "${text}" is no limit; write one above 0`);
}

function limitOf(text: string, metric: GateMetric, named: string): number {
  const not = (what: string) => new UsageError(`${named}: "${text}" is not ${what}`);
  switch (METRIC_UNIT[metric]) {
    case 'ms':
      return positiveS(text, named) * 1000;
    case 'usd': {
      const amount = /^\$(\d+(?:\.\d+)?)$/.exec(text)?.[1];
      if (amount === undefined) {
        throw not('an amount of dollars per million requests; write for example $2');
      }
      return Number(amount);
    }
    case 'share': {
      const share = percentage(text);
      if (share === null || share > 1) {
        throw not('a percentage of requests up to 100%; write for example 1%');
      }
      return share;
    }
    case 'bytes': {
      const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) ?(B|kB|MB)$/.exec(text) ?? [];
      const size = BYTES_OF[unit];
      if (amount === undefined || size === undefined) {
        throw not('a size in B, kB or MB (of 1,000); write for example 900kB');
      }
      return Number(amount) * size;
    }
    case 'count': {
      if (!/^\d+(\.\d+)?$/.test(text)) throw not('a number; write for example 3');
      return Number(text);
    }
  }
}

/** The level of the tests: above 0 and below 0.5. */
export function alpha(text: string, named: string): number {
  const value = /^\d*\.?\d+(e-\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value < 0.5) return value;
  throw new UsageError(
    `${named}: "${text}" is not a number above 0 and below 0.5; write for example 0.05`,
  );
}

function percentage(text: string): number | null {
  const number = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  return number === undefined ? null : Number(number) / 100;
}
