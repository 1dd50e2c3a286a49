import { formatShare } from '../../base/numbers.ts';
import type { CellAnalysis } from '../../model/analysis.ts';
import type { Burst } from '../../model/cold-starts.ts';
import { figureWithInterval } from '../format.ts';
import { type Chart, type DataTable, largest, short, smallest } from './chart.ts';
import { logTicks } from './ticks.ts';

/** Bins of all charts together: trials beyond it are left to the analysis. */
const MAX_POINTS = 8000;

export interface BurstCharts {
  cells: { cell: number; latency: Chart; cold: Chart; environments: Chart }[];
  /** Trials that can be chosen, of those there are. */
  shownTrials: number[];
  trials: number;
}

/** Three charts a cell of the scenario `burst`, one above the other on the same time axis. */
export function burstCharts(cells: readonly CellAnalysis[]): BurstCharts {
  const bursts = cells.flatMap(({ burst }, cell) => (burst === null ? [] : [{ cell, burst }]));
  const all = bursts.flatMap(({ burst }) => burst.points);
  const trials = [...new Set(all.map(({ trial }) => trial))].sort((a, b) => a - b);
  const most = Math.max(1, Math.floor((MAX_POINTS * trials.length) / Math.max(1, all.length)));
  const shownTrials = trials.slice(0, most);
  const points = all.filter(({ trial }) => shownTrials.includes(trial));
  const binS = largest(bursts.map(({ burst }) => burst.binS)) ?? 1;
  const lowMs = smallest(points.map(({ p50Ms }) => p50Ms)) ?? 1;
  const highMs = largest(points.map(({ maxMs }) => maxMs)) ?? 2;
  const minMs = short(Math.min(lowMs, highMs / 2) / 1.3);
  const maxMs = short(highMs * 1.3);
  const time = {
    trial: shownTrials[0] ?? 1,
    endS: (largest(points.map(({ atS }) => atS)) ?? 0) + binS,
  };
  const mostEnvironments =
    (largest(points.flatMap((p) => [p.environmentsStarted, p.environmentsBusy])) ?? 1) * 1.05;
  const trialsShown = new Set(shownTrials);
  return {
    shownTrials,
    trials: trials.length,
    cells: bursts.map(({ cell, burst }) => {
      const own = { ...burst, points: burst.points.filter(({ trial }) => trialsShown.has(trial)) };
      const warm = warmTable(cell, own);
      return {
        cell,
        latency: {
          id: `burst-${cell + 1}`,
          spec: 'burst',
          height: 150,
          signals: { ...time, minMs, maxMs, ticks: logTicks(minMs, maxMs, 7) },
          data: { bins: latencyTable(cell, own), warm },
        },
        cold: {
          id: `burst-cold-${cell + 1}`,
          spec: 'burst-cold',
          height: 56,
          signals: time,
          data: { bins: coldTable(cell, own), warm },
        },
        environments: {
          id: `burst-environments-${cell + 1}`,
          spec: 'burst-environments',
          height: 80,
          signals: { ...time, most: short(mostEnvironments) },
          data: { bins: environmentTable(cell, own), warm },
        },
      };
    }),
  };
}

const bins = ({ binS }: Burst) => (binS === 1 ? 'second' : `${binS} s`);
/** A bin is drawn at its middle. */
const middle = (atS: number, binS: number) => short(atS + binS / 2);

function latencyTable(cell: number, burst: Burst): DataTable {
  return {
    title: `Latency by ${bins(burst)} since the first request`,
    columns: [
      { field: 'cell', header: '' },
      { field: 'trial', header: 'trial' },
      { field: 'atS', header: 'middle, s' },
      { field: 'requests', header: 'requests' },
      { field: 'failures', header: 'failures' },
      { field: 'p50Ms', header: 'p50, ms' },
      { field: 'p95Ms', header: 'p95, ms' },
      { field: 'maxMs', header: 'max, ms' },
      { field: 'text', header: '' },
    ],
    rows: burst.points.map((point) => [
      cell,
      point.trial,
      middle(point.atS, burst.binS),
      point.requests,
      point.failures,
      short(point.p50Ms),
      short(point.p95Ms),
      short(point.maxMs),
      point.failures > 0 ? `${point.failures} of ${point.requests} failed` : '',
    ]),
  };
}

function coldTable(cell: number, burst: Burst): DataTable {
  return {
    title: `Cold requests by ${bins(burst)} since the first request`,
    columns: [
      { field: 'cell', header: '' },
      { field: 'trial', header: 'trial' },
      { field: 'atS', header: 'middle, s' },
      { field: 'binS', header: '' },
      { field: 'requests', header: 'requests' },
      { field: 'cold', header: 'cold' },
      { field: 'share', header: 'share' },
      { field: 'text', header: '' },
    ],
    rows: burst.points.map(({ trial, atS, requests, cold }) => [
      cell,
      trial,
      middle(atS, burst.binS),
      burst.binS,
      requests,
      cold,
      requests > 0 ? short(cold / requests) : null,
      `${cold} of ${requests} cold${requests > 0 ? `, ${formatShare(cold / requests)}` : ''}`,
    ]),
  };
}

function environmentTable(cell: number, burst: Burst): DataTable {
  return {
    title: `Environments by ${bins(burst)} since the first request`,
    columns: [
      { field: 'cell', header: '' },
      { field: 'trial', header: 'trial' },
      { field: 'atS', header: 'middle, s' },
      { field: 'started', header: 'started by its end' },
      { field: 'busy', header: 'at work at once' },
    ],
    rows: burst.points.map((point) => [
      cell,
      point.trial,
      middle(point.atS, burst.binS),
      point.environmentsStarted,
      point.environmentsBusy,
    ]),
  };
}

/** When the last cold start was answered, over all trials. */
function warmTable(cell: number, { untilWarmS }: Burst): DataTable {
  return {
    title: 'Until warm, over trials',
    columns: [
      { field: 'cell', header: '' },
      { field: 'atS', header: 'at, s' },
      { field: 'low', header: 'low, s' },
      { field: 'high', header: 'high, s' },
      { field: 'text', header: '' },
    ],
    rows: [
      [
        cell,
        short(untilWarmS.value),
        short(untilWarmS.low),
        short(untilWarmS.high),
        `warm after ${figureWithInterval(untilWarmS)}`,
      ],
    ],
  };
}
