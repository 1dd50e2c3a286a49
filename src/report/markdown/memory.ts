import { formatShare } from '../../base/numbers.ts';
import type { Advice, MemoryScaling } from '../../model/memory-scaling.ts';
import { efficiencyText } from '../charts/memory-cost.ts';
import { figureWithInterval } from '../format.ts';
import {
  goalText,
  isRecommended,
  KIND_NAMES,
  QUANTITY_NAMES,
  surenessText,
} from '../memory-words.ts';
import { escapeMarkdown, list, type MarkdownContext, section, table } from './text.ts';

/** What memory does to each quantity, which size to take, and why. */
export function memorySection(context: MarkdownContext, group: MemoryScaling): string {
  const { label, finding, quantities, sizes } = group;
  const name = label === '' ? '' : ` (${escapeMarkdown(label)})`;
  return section(
    `Memory${name}: ${escapeMarkdown(finding)}`,
    adviceTable(context, group),
    table(
      [
        'over memory',
        ...sizes.map(({ memoryMb }) => `${memoryMb} MB`),
        'largest ÷ smallest',
        'scaling',
        'constant a',
        'CPU time b',
      ],
      quantities.map(({ quantity, points, ratio, kind, fit }) => [
        QUANTITY_NAMES[quantity].label,
        ...sizes.map(({ cellId }) => {
          const point = points.find((one) => one.cellId === cellId);
          return point === undefined ? '–' : figureWithInterval(point.figure);
        }),
        figureWithInterval(ratio),
        fit === null
          ? KIND_NAMES[kind]
          : `${KIND_NAMES[kind]}, off by ${formatShare(fit.lackOfFitShare)} at most`,
        fit === null ? '–' : figureWithInterval(fit.aMs),
        fit === null
          ? '–'
          : `${figureWithInterval(fit.bMs)}, up to ${fit.s} ${fit.s === 1 ? 'vCPU' : 'vCPUs'}`,
      ]),
    ),
    list(quantities.map((one) => `${QUANTITY_NAMES[one.quantity].label}: ${one.finding}`)),
    table(
      [
        'size',
        'quota per 20 ms',
        'CPU of a call',
        'fits in a period',
        'per million',
        'on the front',
      ],
      sizes.map((size) => [
        `${size.memoryMb} MB`,
        `${size.quotaMs.toFixed(1)} ms`,
        figureWithInterval(size.cpuPerCallMs),
        size.fitsInPeriod === null ? 'not known' : size.fitsInPeriod ? 'yes' : 'no',
        figureWithInterval(size.costUsd),
        efficiencyText(size),
      ]),
    ),
  );
}

function adviceTable({ analysis }: MarkdownContext, { advice }: MemoryScaling): string {
  if (advice.length === 0) return '';
  return table(
    ['choose', 'size', 'how sure', 'cannot be told from', 'why'],
    advice.map((one) => [
      goalText(one, analysis.run.plan.slo),
      sizeText(one),
      surenessText(one),
      one.ties.length === 0 ? '–' : one.ties.map((size) => `${size} MB`).join(', '),
      escapeMarkdown(one.finding),
    ]),
  );
}

/** In bold where it is more than a guess. */
function sizeText(advice: Advice): string {
  if (advice.memoryMb === null) return '–';
  return isRecommended(advice) ? `**${advice.memoryMb} MB**` : `${advice.memoryMb} MB`;
}
