import { formatMs, formatShare } from '../../base/numbers.ts';
import type { Band, CellAnalysis } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import { bandName, partLabel } from '../labels.ts';
import { type Chart, short, type Value } from './chart.ts';

/** The bands that get a panel, from the middle to the tail. */
const SHOWN: readonly Band['band'][] = ['median', 'p90_p95', 'p95_p99', 'above_p99', 'above_p999'];

/** One chart a band, a stacked bar a cell; empty where no request could be broken down. */
export function bandCharts(
  cells: readonly CellAnalysis[],
  labels: readonly string[],
): { band: Band['band']; chart: Chart }[] {
  const charts = chartsOf(SHOWN, cells, labels);
  // A few forced cold starts fill no band but that of all.
  return charts.length > 0 ? charts : chartsOf(['all'], cells, labels);
}

function chartsOf(
  bands: readonly Band['band'][],
  cells: readonly CellAnalysis[],
  labels: readonly string[],
): { band: Band['band']; chart: Chart }[] {
  return bands.flatMap((name) => {
    const found = cells.map((cell) => cell.bands.find((band) => band.band === name));
    if (!found.some((band) => band && band.requests > 0)) return [];
    // p99.9 of fewer than ten requests beyond it is the story of single requests: see the waterfalls.
    if (name === 'above_p999' && !found.some((band) => band && band.requests >= 10)) return [];
    return [{ band: name, chart: bandChart(name, found, cells, labels) }];
  });
}

function bandChart(
  name: Band['band'],
  bands: readonly (Band | undefined)[],
  members: readonly CellAnalysis[],
  labels: readonly string[],
): Chart {
  const parts: Value[][] = [];
  const totals: Value[][] = [];
  bands.forEach((band, cell) => {
    if (!band || band.requests === 0) {
      totals.push([cell, cell, 'no breakdown', null, 0, 0]);
      return;
    }
    let fromMs = 0;
    for (const [part, ms] of PARTS.map((key, i) => [i, band.meanPartsMs[key]] as const)) {
      if (!(ms > 0)) continue;
      const label = partLabel(
        PARTS[part] ?? 'unexplained',
        members[cell] ? [members[cell].cell] : [],
      );
      const share = ms / band.meanTotalMs;
      parts.push([
        cell,
        part,
        short(ms),
        short(share * 100),
        cell,
        short(fromMs),
        short(fromMs + ms),
        `${labels[cell]}: ${label} ${formatMs(ms)}, ${formatShare(share)} of ${formatMs(band.meanTotalMs)}`,
      ]);
      fromMs += ms;
    }
    const cold =
      band.coldRequests > 0 ? ` · ${formatShare(band.coldRequests / band.requests)} cold` : '';
    totals.push([
      cell,
      cell,
      `${formatMs(band.meanTotalMs)}${cold}`,
      short(band.meanTotalMs),
      band.requests,
      band.coldRequests,
    ]);
  });
  return {
    id: `where-${name.replaceAll('_', '-')}`,
    spec: 'where-time-goes',
    height: bands.length * (bands.length > 8 ? 34 : 44),
    signals: { rows: bands.length },
    data: {
      totals: {
        title: `${bandName(name).label}: requests and their mean latency`,
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'row', header: '' },
          { field: 'text', header: '' },
          { field: 'meanMs', header: 'mean latency, ms' },
          { field: 'requests', header: 'requests' },
          { field: 'cold', header: 'of them cold' },
        ],
        rows: totals,
      },
      parts: {
        title: `${bandName(name).label}: mean of each part`,
        columns: [
          { field: 'cell', header: 'cell' },
          { field: 'part', header: 'part' },
          { field: 'ms', header: 'mean, ms' },
          { field: 'share', header: 'share, %' },
          { field: 'row', header: '' },
          { field: 'fromMs', header: '' },
          { field: 'toMs', header: '' },
          { field: 'text', header: '' },
        ],
        rows: parts,
      },
    },
  };
}
