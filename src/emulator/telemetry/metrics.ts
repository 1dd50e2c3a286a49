/** Points of one second. `values` only where the metric keeps them for percentiles. */
interface Second {
  count: number;
  sum: number;
  min: number;
  max: number;
  values: number[] | null;
}

/** A metric with one set of dimensions. Instants in microseconds since the epoch. */
export class MetricSeries {
  readonly unit: string;
  readonly #keepsValues: boolean;
  readonly #seconds = new Map<number, Second>();

  constructor(unit: string, keepsValues: boolean) {
    this.unit = unit;
    this.#keepsValues = keepsValues;
  }

  add(atUs: number, value: number): void {
    const at = Math.floor(atUs / 1e6);
    const second = this.#seconds.get(at);
    if (second === undefined) {
      const values = this.#keepsValues ? [value] : null;
      this.#seconds.set(at, { count: 1, sum: value, min: value, max: value, values });
      return;
    }
    second.count += 1;
    second.sum += value;
    if (value < second.min) second.min = value;
    if (value > second.max) second.max = value;
    second.values?.push(value);
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
    if (share !== null ? share > 1 || !this.#keepsValues : !SIMPLE.has(statistic)) return null;
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
        value: share === null ? simple(statistic, seconds) : quantile(seconds, share),
      }))
      .sort((a, b) => a.atS - b.atS);
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

/** Exact: the smallest point with at least `share` of all at or below it. */
function quantile(seconds: readonly Second[], share: number): number {
  const values = Float64Array.from(seconds.flatMap((second) => second.values ?? [])).sort();
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] as number;
}
