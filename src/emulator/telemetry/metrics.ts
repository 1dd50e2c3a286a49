import { doubles, type GrowingArray } from './growing-array.ts';

/** Points of one second. */
interface Second {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Those that are not put away yet. */
  values: number[];
  /** Where the others are: from, to, from, to. */
  stored: number[];
}

/**
 * A metric with one set of dimensions. Instants in microseconds since the epoch. In memory are a few
 * numbers a second; points kept for percentiles are on disk but for the newest.
 */
export class MetricSeries {
  readonly unit: string;
  readonly #seconds = new Map<number, Second>();
  /** Points of seconds that are over, for percentiles; null where the metric does not keep them. */
  readonly #stored: GrowingArray<Float64Array> | null;
  /** Seconds with values that are not put away, at most this and the one before. */
  #open: Second[] = [];

  constructor(unit: string, keepsValues: boolean) {
    this.unit = unit;
    this.#stored = keepsValues ? doubles() : null;
  }

  /** With the points of all: what the metric has with fewer dimensions. Made when it is asked for. */
  static merged(parts: readonly MetricSeries[]): MetricSeries | undefined {
    const [first] = parts;
    if (first === undefined || parts.length === 1) return first;
    const whole = new MetricSeries(first.unit, first.#stored !== null);
    for (const part of parts) {
      for (const [at, from] of part.#seconds) {
        const into = whole.#second(at);
        into.count += from.count;
        into.sum += from.sum;
        into.min = Math.min(into.min, from.min);
        into.max = Math.max(into.max, from.max);
        for (const value of part.#valuesOf(from)) into.values.push(value);
      }
    }
    return whole;
  }

  get empty(): boolean {
    return this.#seconds.size === 0;
  }

  add(atUs: number, value: number): void {
    const second = this.#second(Math.floor(atUs / 1e6));
    second.count += 1;
    second.sum += value;
    if (value < second.min) second.min = value;
    if (value > second.max) second.max = value;
    if (this.#stored === null) return;
    // A point that came late opens its second again.
    if (second.values.length === 0) this.#open.push(second);
    second.values.push(value);
  }

  #second(at: number): Second {
    let second = this.#seconds.get(at);
    if (second === undefined) {
      const { POSITIVE_INFINITY: min, NEGATIVE_INFINITY: max } = Number;
      second = { count: 0, sum: 0, min, max, values: [], stored: [] };
      this.#seconds.set(at, second);
      this.#putAway();
    }
    return second;
  }

  /** Points of all seconds but the newest go where they need no memory. */
  #putAway(): void {
    const stored = this.#stored;
    if (stored === null) return;
    const newest = this.#open.pop();
    for (const second of this.#open) {
      second.stored.push(stored.length);
      for (const value of second.values) stored.push(value);
      second.stored.push(stored.length);
      second.values = [];
    }
    this.#open = newest === undefined ? [] : [newest];
  }

  *#valuesOf({ values, stored }: Second): Generator<number> {
    for (let i = 0; i < stored.length; i += 2) {
      const end = stored[i + 1] as number;
      for (let at = stored[i] as number; at < end; at += 1) {
        yield (this.#stored as GrowingArray<Float64Array>).at(at);
      }
    }
    yield* values;
  }

  /**
   * A value for each period that has points, ascending. Periods start at multiples of `periodS`.
   * @param statistic `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p0`–`p100`.
   * @returns null for another statistic, or a percentile of a metric whose points are not kept.
   */
  statistic(
    statistic: string,
    startS: number,
    endS: number,
    periodS: number,
  ): { atS: number; value: number }[] | null {
    const percentile = /^p(\d{1,3}(?:\.\d+)?)$/.exec(statistic)?.[1];
    const share = percentile === undefined ? null : Number(percentile) / 100;
    if (share !== null ? share > 1 || this.#stored === null : !SIMPLE.has(statistic)) return null;
    const periods = new Map<number, Second[]>();
    const fromS = Math.floor(startS / periodS) * periodS;
    for (const [at, second] of this.#seconds) {
      const period = Math.floor(at / periodS) * periodS;
      if (period < fromS || period >= endS) continue;
      const seconds = periods.get(period);
      if (seconds === undefined) periods.set(period, [second]);
      else seconds.push(second);
    }
    return [...periods]
      .map(([atS, seconds]) => ({
        atS,
        value: share === null ? simple(statistic, seconds) : this.#quantile(seconds, share),
      }))
      .sort((a, b) => a.atS - b.atS);
  }

  /** Exact: the smallest point with at least `share` of all at or below it. */
  #quantile(seconds: readonly Second[], share: number): number {
    const values = new Float64Array(seconds.reduce((total, { count }) => total + count, 0));
    let length = 0;
    for (const second of seconds) {
      for (const value of this.#valuesOf(second)) {
        values[length] = value;
        length += 1;
      }
    }
    values.sort();
    return values[Math.max(0, Math.ceil(share * length) - 1)] as number;
  }
}

const SIMPLE = new Set(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount']);

function simple(statistic: string, seconds: readonly Second[]): number {
  const count = seconds.reduce((total, second) => total + second.count, 0);
  const sum = seconds.reduce((total, second) => total + second.sum, 0);
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'SampleCount':
      return count;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return Math.min(...seconds.map((second) => second.min));
    default:
      return Math.max(...seconds.map((second) => second.max));
  }
}
