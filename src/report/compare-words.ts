import { formatP, threeDigits } from '../base/numbers.ts';
import type { Change, ComparedFigure, Difference } from '../model/compared.ts';
import type { Figure } from '../model/figure.ts';
import { figureText } from './format.ts';

export const FIGURE_LABELS: Record<ComparedFigure, string> = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  init: 'init of cold starts',
  backend: 'backend time a request',
  cost: 'cost per million requests',
  failures: 'failures',
};

/**
 * `12.3 ms ± 2%`: the farther end of the interval over trials, as benchstat has it. An interval within
 * one trial says nothing of the next run, so it is not shown where runs are compared.
 */
export function valueText(figure: Figure): string {
  const { value, low, high, unit, interval } = figure;
  const text = figureText(figure);
  if (
    value === null ||
    low === null ||
    high === null ||
    value <= 0 ||
    unit === 'share' ||
    interval === 'within_trial'
  )
    return text;
  const half = Math.max(high - value, value - low) / value;
  return `${text} ± ${half < 0.995 ? `${Math.round(half * 100)}%` : `${threeDigits(half)}×`}`;
}

/** `-17.20%`; of shares `+0.50 points`. */
export function changeText({ kind, value }: Change): string {
  const percent = signed(toPercent(kind, value));
  return kind === 'ratio' ? `${percent}%` : `${percent} points`;
}

/** `[-19.10, -15.20]` in the unit of the change. */
export function changeInterval({ kind, low, high }: Change): string {
  return `[${signed(toPercent(kind, low))}, ${signed(toPercent(kind, high))}]`;
}

/** `p=0.003 n=10`; trials of both sides where they differ: `n=5+8`. */
export function evidenceText({ pAdjusted, trials }: Change): string {
  const text = formatP(pAdjusted);
  const p = text.startsWith('<') ? `p${text}` : `p=${text}`;
  const n = trials.old === trials.new ? trials.old : `${trials.old}+${trials.new}`;
  return `${p} n=${n}`;
}

/** `k6: 2.2.0 → 2.3.0`. */
export function differenceText({ key, old, new: now }: Difference): string {
  return `${key}: ${old === '' ? 'none' : old} → ${now === '' ? 'none' : now}`;
}

function toPercent(kind: Change['kind'], value: number): number {
  return (kind === 'ratio' ? value - 1 : value) * 100;
}

function signed(percent: number): string {
  const text = percent.toFixed(2);
  return percent > 0 && Number(text) !== 0 ? `+${text}` : text.replace(/^-(0\.00)$/, '$1');
}
