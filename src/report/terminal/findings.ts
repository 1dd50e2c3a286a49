import type { Analysis, CellAnalysis } from '../../model/analysis.ts';
import type { Advice } from '../../model/memory-scaling.ts';
import { pricesText } from '../cost-words.ts';
import { coldFinding, isOneOfMany, type Named, rank, usable } from '../findings.ts';
import { formatCount } from '../format.ts';
import { leftOutOf } from '../left-out.ts';
import { goalText, isRecommended, surenessText } from '../memory-words.ts';
import { initTitle } from '../profile-words.ts';
import { tracedText } from '../traced-words.ts';
import { type Painter, plain, wrap } from './text.ts';

/** Cells, groups and trials that are spoken of one by one; of more the report says. */
const MOST_CELLS = 4;
const MOST_GROUPS = 2;

/** Blocks of sentences beneath the table, each after an empty line: why p99, cold starts, memory, cost. */
export function findingLines(
  analysis: Analysis,
  labels: readonly string[],
  width: number,
  paint: Painter,
): string[] {
  const named = usable(analysis.cells, labels);
  const blocks = [
    tailLines(named),
    tracedLines(analysis),
    scenarioLines(named),
    initLines(analysis),
    memoryLines(analysis),
    leftOutLines(analysis, labels),
    costLines(analysis),
  ];
  return blocks.flatMap(({ title, sentences, quiet }) => {
    if (sentences.length === 0) return [];
    const isOne = sentences.length === 1;
    const lines = sentences.flatMap((sentence) =>
      wrap(plain(isOne ? `${title}: ${sentence}` : sentence), width, '  '),
    );
    const shown = quiet ? lines.map(paint.dim) : lines;
    return isOne ? ['', ...shown] : ['', paint.dim(title), ...shown];
  });
}

interface Block {
  title: string;
  sentences: string[];
  quiet?: boolean;
}

/** Why p99 is what it is, of the cells with the highest. */
function tailLines(named: readonly Named[]): Block {
  const withTail = rank(named, ({ latency }) => latency.p99).flatMap(({ cell, label }) => {
    const tail = cell.tails.find(({ quantile }) => quantile === 'p99');
    return tail === undefined || tail.leading === null
      ? []
      : [`${isOneOfMany(named) ? `${label}: ` : ''}${tail.finding}`];
  });
  const shown = withTail.slice(-MOST_CELLS).reverse();
  const which = shown.length < withTail.length ? `, the ${MOST_CELLS} cells with the highest` : '';
  return { title: `why p99${which}`, sentences: shown };
}

/** What the parts rest on, where not all requests were traced. */
function tracedLines(analysis: Analysis): Block {
  const text = tracedText(analysis);
  return { title: 'traces', sentences: text === null ? [] : [text] };
}

/** What a burst or forced cold starts show. */
function scenarioLines(named: readonly Named[]): Block {
  const bursts = named.flatMap(({ cell, label }) =>
    cell.burst === null ? [] : [`${isOneOfMany(named) ? `${label}: ` : ''}${cell.burst.finding}`],
  );
  if (bursts.length > 0) {
    return { title: 'burst', sentences: atMost(bursts, MOST_CELLS, 'cells') };
  }
  const isForced = named.some(({ cell }) => cell.coldStarts.forced);
  return { title: 'cold starts', sentences: isForced ? [coldFinding(named)] : [] };
}

/** What init spends its time on, where that was profiled. */
function initLines({ profiles }: Analysis): Block {
  const inits = profiles?.inits ?? [];
  const sentences = inits.map((init) =>
    inits.length > 1 ? `${initTitle(init)}: ${init.finding}` : init.finding,
  );
  return { title: 'init spends its time on', sentences: atMost(sentences, MOST_CELLS, 'handlers') };
}

/** What memory does, and which size to take. */
function memoryLines({ memoryScaling, run, headline }: Analysis): Block {
  const isSaid = (finding: string) =>
    headline.some((sentence) => sentence.includes(finding.replace(/[.]$/, '')));
  const sentences = memoryScaling.slice(0, MOST_GROUPS).flatMap(({ label, finding, advice }) => {
    const goal = (one: Advice) => goalText(one, run.plan.slo).toLowerCase();
    const sizes = advice
      .filter(isRecommended)
      .map((one) => `${goal(one)} ${one.memoryMb} MB (${surenessText(one)})`);
    const open = advice.filter(({ sureness }) => sureness === 'open').map(goal);
    const told = [...sizes, ...(open.length > 0 ? [`not known: ${open.join(', ')}`] : [])];
    const none = advice.filter((one) => one.sureness !== 'open' && one.memoryMb === null);
    const said = [
      ...(isSaid(finding) ? [] : [finding]),
      ...none.map((one) => one.finding),
      ...(told.length > 0 ? [told.join(' · ')] : []),
    ];
    return said.map((text, i) => (i === 0 && label !== '' ? `${label}: ${text}` : text));
  });
  const more = memoryScaling.length - MOST_GROUPS;
  return {
    title: 'memory',
    sentences: more > 0 ? [...sentences, `${more} more groups are in the report`] : sentences,
  };
}

function leftOutLines({ cells }: Analysis, labels: readonly string[]): Block {
  const trials = leftOutOf(cells).map(
    ({ cell, trial, reasons }) =>
      `${cells.length > 1 ? `${labels[cell]} ` : ''}trial ${trial}: ${reasons}`,
  );
  return { title: 'left out of the figures', sentences: atMost(trials, MOST_CELLS, 'trials') };
}

/** What the costs rest on. */
function costLines({ cells, prices }: Analysis): Block {
  if (!cells.some(hasCost)) return { title: '', sentences: [] };
  const lacking = new Set(cells.filter(hasCost).flatMap(({ cost }) => cost.lacking));
  return {
    title: 'cost',
    sentences: [[`$/million is the whole stack at ${pricesText(prices)}.`, ...lacking].join(' ')],
    quiet: true,
  };
}

const hasCost = ({ cost }: CellAnalysis) => cost.total.value !== null;

function atMost(sentences: readonly string[], most: number, what: string): string[] {
  const more = sentences.length - most;
  return more > 0
    ? [...sentences.slice(0, most), `${formatCount(more)} more ${what} are in the report`]
    : [...sentences];
}
