import { formatMs } from '../../base/numbers.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import { type Chart, largest, short, smallest, type Value } from './chart.ts';
import { thinned } from './thin.ts';
import { logTicks } from './ticks.ts';

const PHASE_LABELS: Record<string, string> = {
  warm_up: 'warm-up',
  ramp: 'ramp',
  hold: 'hold',
  warm: 'warm',
};
/** Cold starts marked a trial. */
const MAX_MARKS = 150;

/**
 * Points of all charts together: trials beyond it are left to the analysis. An analysis makes its bins
 * wider before it comes to that (`timelineBins`).
 */
const MAX_POINTS = 25_000;

export interface Timelines {
  charts: { cell: number; chart: Chart }[];
  /** Trials that can be chosen, of those there are. */
  shownTrials: number[];
  trials: number;
  /** Lengths of the bins, ascending. */
  binsS: number[];
  /** Cold starts that have a mark, and all of the cells shown. */
  marked: number;
  coldRequests: number;
}

/**
 * One chart a cell that has a time line, all on the same scales so that cells can be compared. A burst
 * has charts of its own; forced cold starts are one after the other, whatever the time.
 */
export function timelineCharts(cells: readonly CellAnalysis[]): Timelines {
  const all = cells.flatMap((cell) => (hasTimeline(cell) ? cell.timeline.points : []));
  const trials = [...new Set(all.map((point) => point.trial))].sort((a, b) => a - b);
  const most = Math.max(1, Math.floor((MAX_POINTS * trials.length) / Math.max(1, all.length)));
  const shownTrials = trials.slice(0, most);
  const shown = cells.flatMap((cell, index) => {
    if (!hasTimeline(cell)) return [];
    const kept = ofTrials(cell, new Set(shownTrials));
    return kept.timeline.points.length > 0 ? [{ cell: kept, index }] : [];
  });
  const points = shown.flatMap(({ cell }) => cell.timeline.points);
  const marked = shown.flatMap(({ cell }) => cell.coldStarts.samples.map((s) => s.totalMs));
  const minMs = smallest(points.map((point) => point.p50Ms)) ?? 1;
  const maxMs = largest([...points.map((point) => point.maxMs), ...marked]) ?? 2;
  const binS = largest(shown.map(({ cell }) => cell.timeline.binS)) ?? 1;
  const lowMs = short(Math.min(minMs, maxMs / 2) / 1.3);
  const highMs = short(maxMs * 1.3);
  const signals = {
    trial: shownTrials[0] ?? 1,
    minMs: lowMs,
    maxMs: highMs,
    ticks: logTicks(lowMs, highMs, 7),
    endS: (largest(points.map((point) => point.atS)) ?? 0) + binS,
  };
  const charts = shown.map(({ cell, index }) => ({
    cell: index,
    chart: {
      id: `timeline-${index + 1}`,
      spec: 'timeline',
      height: 150,
      signals,
      data: tablesOf(cell, index),
    },
  }));
  return {
    charts,
    shownTrials,
    trials: trials.length,
    binsS: [...new Set(shown.map(({ cell }) => cell.timeline.binS))].sort((a, b) => a - b),
    marked: charts.reduce((sum, { chart }) => sum + (chart.data.cold?.rows.length ?? 0), 0),
    coldRequests: shown.reduce((sum, { cell }) => sum + cell.coldStarts.requests, 0),
  };
}

export const hasTimeline = ({ burst, coldStarts }: CellAnalysis) =>
  burst === null && !coldStarts.forced;

function ofTrials(cell: CellAnalysis, trials: ReadonlySet<number>): CellAnalysis {
  const kept = <T extends { trial: number }>(items: readonly T[]) =>
    items.filter((item) => trials.has(item.trial));
  return {
    ...cell,
    timeline: { ...cell.timeline, points: kept(cell.timeline.points) },
    coldStarts: { ...cell.coldStarts, samples: kept(cell.coldStarts.samples) },
  };
}

function tablesOf(cell: CellAnalysis, index: number): Chart['data'] {
  const { binS, points } = cell.timeline;
  const marks = coldRows(cell);
  return {
    bins: {
      title: `Latency by ${binS === 1 ? 'second' : `${binS} seconds`}`,
      columns: [
        { field: 'cell', header: '' },
        { field: 'trial', header: 'trial' },
        { field: 'atS', header: 'from, s' },
        { field: 'phase', header: 'phase' },
        { field: 'requests', header: 'requests' },
        { field: 'failures', header: 'failures' },
        { field: 'cold', header: 'cold' },
        { field: 'p50Ms', header: 'p50, ms' },
        { field: 'maxMs', header: 'max, ms' },
      ],
      rows: points.map((point) => [
        index,
        point.trial,
        point.atS,
        PHASE_LABELS[point.phase] ?? point.phase,
        point.requests,
        point.failures,
        point.cold,
        short(point.p50Ms),
        short(point.maxMs),
      ]),
    },
    cold: {
      title: `Cold starts${marks.length < cell.coldStarts.requests ? ': of each trial the slowest and an even choice of the others' : ''}`,
      columns: [
        { field: 'trial', header: 'trial' },
        { field: 'atS', header: 'at, s' },
        { field: 'ms', header: 'latency, ms' },
        { field: 'text', header: '' },
      ],
      rows: marks,
    },
    phases: { title: 'Phases', columns: PHASE_COLUMNS, rows: phaseRows(cell) },
  };
}

const PHASE_COLUMNS = [
  { field: 'trial', header: 'trial' },
  { field: 'phase', header: '' },
  { field: 'phaseLabel', header: 'phase' },
  { field: 'fromS', header: 'from, s' },
  { field: 'toS', header: 'to, s' },
  { field: 'areaLabel', header: '' },
  { field: 'areaToS', header: '' },
];

function coldRows({ coldStarts: { samples } }: CellAnalysis): Value[][] {
  const drawn = samples.filter(({ totalMs }) => totalMs > 0);
  return [...new Set(drawn.map(({ trial }) => trial))].flatMap((trial) =>
    thinned(
      drawn.filter((sample) => sample.trial === trial),
      MAX_MARKS,
      ({ totalMs }) => totalMs,
    ).map(({ atS, totalMs }) => [trial, short(atS), short(totalMs), `cold: ${formatMs(totalMs)}`]),
  );
}

function phaseRows(cell: CellAnalysis): Value[][] {
  const phases = new Map<string, { trial: number; phase: string; fromS: number; toS: number }>();
  for (const { trial, phase, atS } of cell.timeline.points) {
    const key = `${trial} ${phase}`;
    const known = phases.get(key) ?? { trial, phase, fromS: atS, toS: atS };
    known.fromS = Math.min(known.fromS, atS);
    known.toS = Math.max(known.toS, atS + cell.timeline.binS);
    phases.set(key, known);
  }
  return [...phases.values()].map(({ trial, phase, fromS, toS }) => {
    const label = PHASE_LABELS[phase] ?? phase;
    // Warm-up and ramp are shaded as one area, which has one label.
    const ramp = phases.get(`${trial} ramp`);
    const warmUp = phases.has(`${trial} warm_up`);
    const both = phase === 'warm_up' && ramp !== undefined;
    const areaLabel = both ? 'warm-up and ramp' : phase === 'ramp' && warmUp ? '' : label;
    return [trial, phase, label, fromS, toS, areaLabel, both ? ramp.toS : toS];
  });
}
