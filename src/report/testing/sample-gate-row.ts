import { seededRandom } from '../../base/random.ts';
import type { Figure } from '../../model/figure.ts';
import { type GateMetric, type GateRow, METRIC_KIND, METRIC_UNIT } from '../../model/gate.ts';
import { noFigure } from '../../model/testing/empty.ts';
import { studentCumulative, studentQuantile } from '../../stats/distributions.ts';
import { GATE_CELL } from './sample-gate-cause.ts';

export interface SampleRow {
  metric: GateMetric;
  /** In the metric's unit; null of a budget. */
  base: number | null;
  head: number;
  verdict: GateRow['verdict'];
  reason: string;
  cellId?: string;
  label?: string;
  tolerance?: number;
  kind?: GateRow['kind'];
  pairs?: number;
  /** Standard deviation of the series that is tested. */
  spread?: number;
  guard?: boolean;
  operation?: string | null;
  morePairs?: number | null;
}

/** A row whose figures, change, p-values and values by round are of one made-up series. */
export function sampleRow(sample: SampleRow): GateRow {
  const { metric, base, head, guard = false, pairs = 7, spread = 0.02 } = sample;
  const kind = sample.kind ?? METRIC_KIND[metric];
  const isExact = kind === 'exact';
  const tolerance = sample.tolerance ?? (kind === 'difference' ? 0.005 : 0.05);
  const values = isExact ? [] : series(kind, base, head, pairs, spread);
  return {
    cellId: sample.cellId ?? GATE_CELL,
    label: sample.label ?? 'dynamo · 1024 MB',
    metric,
    kind,
    operation: sample.operation ?? null,
    guard,
    verdict: sample.verdict,
    reason: sample.reason,
    base: base === null ? null : figureOf(metric, base, isExact ? 0 : pairs),
    head: figureOf(metric, head, isExact ? 0 : pairs),
    tolerance,
    ...tested(kind, base, head, tolerance, values),
    pairs,
    morePairs: sample.morePairs ?? null,
    values,
  };
}

/** A row of which one side has nothing: absent data fails. */
export function absentRow(metric: GateMetric, reason: string): GateRow {
  const row = sampleRow({ metric, base: 1, head: 1, verdict: 'fail', reason });
  const head = noFigure(METRIC_UNIT[metric], reason);
  return { ...row, head, change: null, p: null, pairs: 0, values: [] };
}

/** By round; the mean of what is tested is that of `base` and `head`. */
function series(
  kind: GateRow['kind'],
  base: number | null,
  head: number,
  pairs: number,
  spread: number,
): GateRow['values'] {
  const random = seededRandom(pairs * 1000 + Math.round(head * 10));
  const noise = Array.from({ length: pairs }, () => 2 * random() - 1);
  const centre = noise.reduce((a, b) => a + b, 0) / pairs;
  return noise.map((one, i) => {
    const off = (one - centre) * spread * Math.sqrt(3);
    const drift = 1 + 0.04 * Math.sin(i);
    if (kind === 'difference') {
      return [i + 1, base ?? 0, head === 0 && base === 0 ? 0 : Math.max(0, head + off * 0.1)];
    }
    if (base === null) return [i + 1, null, head * Math.exp(off)];
    return [i + 1, base * drift, head * drift * Math.exp(off)];
  });
}

function figureOf(metric: GateMetric, value: number, trials: number): Figure {
  const unit = METRIC_UNIT[metric];
  if (trials === 0) {
    return { value, unit, low: null, high: null, interval: 'none', n: 1, trials: 1 };
  }
  return {
    value,
    unit,
    low: value * 0.96,
    high: value * 1.04,
    interval: 'trials_t',
    n: trials * 1000,
    trials,
  };
}

function tested(
  kind: GateRow['kind'],
  base: number | null,
  head: number,
  tolerance: number,
  values: GateRow['values'],
): Pick<GateRow, 'change' | 'p'> {
  if (kind === 'exact') {
    return { change: { value: head / (base ?? head), low: null, high: null }, p: null };
  }
  const onLogs = kind !== 'difference';
  const x = values.map(([, b, h]) => (onLogs ? Math.log(h / (b ?? 1)) : h - (b ?? 0)));
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / (x.length - 1);
  const error = Math.max(1e-9, Math.sqrt(variance / x.length));
  const half = studentQuantile(0.98, x.length - 1) * error;
  const back = (value: number) => (onLogs ? Math.exp(value) : value);
  const threshold = kind === 'ratio' ? Math.log(1 + tolerance) : tolerance;
  const limit = kind === 'budget' ? Math.log(tolerance) : threshold;
  const t = (mean - limit) / error;
  const fail = studentCumulative(-t, x.length - 1);
  const pass = studentCumulative(t, x.length - 1);
  return {
    change: { value: back(mean), low: back(mean - half), high: back(mean + half) },
    p: { fail, failAdjusted: Math.min(1, 3 * fail), pass, signFlip: fail < 0.5 ? 1 / 128 : 1 },
  };
}
