import { formatBytes, formatMs, formatShare, threeDigits } from '../base/numbers.ts';
import { capital } from '../base/words.ts';
import type { Band, CellAnalysis, Figure } from '../model/analysis.ts';
import { rankingQuantile } from '../model/common-quantile.ts';
import { differingFactors } from '../model/endpoint.ts';
import { intervalsOverlap } from '../model/figure.ts';
import type { BundleFacts } from '../model/run.ts';
import { PARTS, type Part } from '../model/tables.ts';
import { callsText } from './charts/backend-calls.ts';
import { figureWithInterval, formatCount } from './format.ts';
import { partLabel } from './labels.ts';

/** Sentences above the charts: what each of them shows, from the figures alone. */
export interface Named {
  cell: CellAnalysis;
  label: string;
}

/**
 * Cells whose figures may be spoken of. Of a gate's those of head: base is what it is measured against
 * and no alternative, and which of them is slower the verdict says.
 */
export function usable(cells: readonly CellAnalysis[], labels: readonly string[]): Named[] {
  return cells.flatMap((cell, i) =>
    isSpokenOf(cell) ? [{ cell, label: labels[i] ?? cell.cell.id }] : [],
  );
}

export const isSpokenOf = ({ cell, validity }: CellAnalysis) =>
  validity.state !== 'void' && cell.endpoint.revision !== 'base';

/** Whether a sentence must say which cell it means: of a gate's head too, where it is alone. */
export function isOneOfMany(named: readonly Named[]): boolean {
  return named.length > 1 || named.some(({ cell }) => cell.cell.endpoint.revision !== null);
}

/** The answer, where the analysis has no sentence of its own. */
export function answer(
  headline: readonly string[],
  named: readonly Named[],
  cells: number,
): string {
  if (headline[0]) return headline[0];
  if (cells === 0) return 'Nothing was measured.';
  if (named.length === 0) return 'Every cell is void: there is no figure to rely on.';
  return percentileFinding(named);
}

export function percentileFinding(named: readonly Named[]): string {
  const { name } = rankingQuantile(named.map(({ cell }) => cell));
  const ranked = rank(named, (cell) => cell.latency[name]);
  const best = ranked[0];
  const worst = ranked.at(-1);
  if (!best || !worst) return 'No percentile can be stated: no cell has figures that may be used';
  if (best === worst) {
    const where = isOneOfMany(named) ? ` at ${best.label}` : '';
    const median = name === 'p50' ? '' : `, p50 ${figureWithInterval(best.cell.latency.p50)}`;
    return `${name} is ${figureWithInterval(best.figure)}${where}${median}`;
  }
  const apart = intervalsOverlap(best.figure, worst.figure) ? ' (the intervals overlap)' : '';
  const other = named.length > 2 ? `highest at ${worst.label}:` : 'against';
  const at = named.length > 2 ? '' : ` at ${worst.label}`;
  return `${name} is lowest at ${best.label}: ${figureWithInterval(best.figure)}, ${other} ${figureWithInterval(worst.figure)}${at}${apart}`;
}

export function bandFinding(named: readonly Named[]): string {
  for (const { band: high, words } of HIGH_BANDS) {
    const tops = named.flatMap(({ cell, label }) => {
      const tail = largestPart(cell, high);
      return tail ? [{ label, cell, tail, middle: largestPart(cell, 'median') }] : [];
    });
    const [shown] = tops.sort((a, b) => b.tail.share - a.tail.share);
    if (!shown) continue;
    const { tail, middle, cell, label } = shown;
    const where = isOneOfMany(named) ? ` at ${label}` : '';
    const tailPart = partLabel(tail.part, [cell.cell]);
    if (!middle || high === 'median') {
      return `${capital(tailPart)} takes most${where}: ${formatShare(tail.share)} ${words}`;
    }
    if (tail.part === middle.part) {
      return `${capital(tailPart)} takes most${where}: ${formatShare(middle.share)} at the median, ${formatShare(tail.share)} ${words}`;
    }
    return `At the median it is the ${partLabel(middle.part, [cell.cell])} (${formatShare(middle.share)}), ${words} the ${tailPart} (${formatShare(tail.share)})${where}`;
  }
  return 'Where time goes is not known: no request was traced';
}

/** The bands that may stand for the tail, best first: a hundred requests have none above p99. */
const HIGH_BANDS = [
  { band: 'above_p99', words: 'above p99' },
  { band: 'p95_p99', words: 'between p95 and p99' },
  { band: 'p90_p95', words: 'between p90 and p95' },
  { band: 'median', words: 'at the median' },
  { band: 'all', words: 'over all requests' },
] as const;

function largestPart(cell: CellAnalysis, name: Band['band']) {
  const band = cell.bands.find((one) => one.band === name && one.requests > 0);
  return band && largestParts(band)[0];
}

export function coldFinding(named: readonly Named[]): string {
  if (named.length === 0) return 'What a cold start adds is not known: no cell may be relied on';
  const some = named.filter(({ cell }) => cell.coldStarts.requests > 0);
  if (some.length === 0) {
    const told = named.filter(isColdKnown);
    if (told.length === named.length) return 'No request felt a cold start';
    return told.length === 0
      ? 'Whether requests felt a cold start is not known'
      : 'No request felt a cold start where that is known';
  }
  const ranked = rank(some, (cell) => cell.coldStarts.penaltyMs);
  const best = ranked[0];
  const worst = ranked.at(-1);
  if (!best || !worst) return 'Cold starts happened; their penalty is not known';
  if (best === worst) {
    const where = isOneOfMany(named) ? ` at ${best.label}` : '';
    return `A cold start adds ${figureWithInterval(best.figure)}${where}`;
  }
  return `A cold start adds ${figureWithInterval(best.figure)} at ${best.label} and ${figureWithInterval(worst.figure)} at ${worst.label}`;
}

/** Nothing but a trace or a REPORT line tells. */
export const isColdKnown = ({ cell: { coldStarts } }: Pick<Named, 'cell'>) =>
  coldStarts.forced || coldStarts.share.value !== null;

export function timelineFinding(named: readonly Named[]): string {
  let cold = 0;
  let early = 0;
  for (const { cell } of named) {
    if (cell.burst !== null || cell.coldStarts.forced) continue;
    for (const point of cell.timeline.points) {
      cold += point.cold;
      if (point.phase !== 'hold') early += point.cold;
    }
  }
  const whose = named.some(({ cell }) => cell.cell.endpoint.revision !== null) ? ' of head' : '';
  const known = named.length > 0 && named.every(isColdKnown);
  if (cold === 0 && !known) return `Latency over time${whose}`;
  if (cold === 0) return `Latency over time, without a cold start${whose}`;
  return `${formatCount(early)} of ${formatCount(cold)} cold starts${whose} came before the hold phase, ${formatCount(cold - early)} in it`;
}

export function operationFinding(named: readonly Named[]): string {
  for (const name of ['p99', 'p95', 'p50'] as const) {
    const worst = named
      .flatMap(({ cell, label }) => cell.byOperation.map((row) => ({ ...row, label })))
      .filter((row) => row[name].value !== null)
      .sort((a, b) => (b[name].value ?? 0) - (a[name].value ?? 0))[0];
    if (!worst) continue;
    return `The slowest operation is ${worst.operation}: ${name} ${figureWithInterval(worst[name])}${isOneOfMany(named) ? ` at ${worst.label}` : ''}`;
  }
  return 'No operation has figures that may be used';
}

/** The operation that asks the backend most often in one request, and what makes it ask least. */
export function backendFinding(named: readonly Named[]): string {
  if (named.length === 0) return 'Calls to the backend: every cell is void';
  const rows = named.flatMap(({ cell, label }) =>
    cell.byOperation.flatMap(({ operation, meanBackendCalls: calls }) =>
      calls === null ? [] : [{ operation, label, calls, endpoint: cell.cell.endpoint }],
    ),
  );
  const most = [...rows].sort((a, b) => b.calls - a.calls)[0];
  if (most === undefined) {
    const note = named.find(({ cell }) => cell.backend.callsMean.note)?.cell.backend.callsMean.note;
    return `Calls to the backend are not known: ${note ?? 'no request was traced'}`;
  }
  const same = rows.filter(({ operation }) => operation === most.operation);
  const makes = `${most.operation} makes ${callsText(most.calls)} to the backend a request`;
  if (named.length < 2) return isOneOfMany(named) ? `${makes} at ${most.label}` : makes;
  const equal = same.every(({ calls }) => callsText(calls) === callsText(most.calls));
  if (equal && same.length === named.length) {
    return `${makes} in every cell`;
  }
  // Only what differs in one factor says what makes the difference.
  const near = same
    .filter(({ endpoint }) => differingFactors(endpoint, most.endpoint).length === 1)
    .sort((a, b) => a.calls - b.calls)[0];
  const there = `${makes} at ${most.label}`;
  return near === undefined || near.calls >= most.calls
    ? there
    : `${there}, ${callsText(near.calls)} at ${near.label}`;
}

export function bundleFinding(bundles: readonly BundleFacts[]): string {
  const range = (values: number[], show: (value: number) => string) => {
    const [low, high] = [show(Math.min(...values)), show(Math.max(...values))];
    return low === high ? low : `${low} to ${high}`;
  };
  const sizes = range(
    bundles.map(({ bytes }) => bytes),
    formatBytes,
  );
  const loads = bundles.flatMap(({ load }) => (load === null ? [] : [load.medianMs]));
  const start = bundles.length === 1 ? `The handler is ${sizes}` : `Handlers are ${sizes}`;
  return loads.length === 0 ? start : `${start}; loading takes ${range(loads, formatMs)}`;
}

export function memoryFinding(named: readonly Named[]): string {
  const used = named.flatMap(({ cell, label }) => {
    const mb = cell.memory.usedMaxMb.value;
    const { memoryMb } = cell.cell.endpoint;
    return mb === null || memoryMb === null ? [] : [{ label, mb, share: mb / memoryMb }];
  });
  const most = used.sort((a, b) => b.share - a.share)[0];
  if (!most) return 'Memory used is not known: no REPORT line was read';
  return `Environments use at most ${formatShare(most.share)} of their memory: ${threeDigits(most.mb)} MB at ${most.label}`;
}

/** Parts of a band, largest first. */
export function largestParts(band: Band): { part: Part; ms: number; share: number }[] {
  return PARTS.map((part) => ({
    part,
    ms: band.meanPartsMs[part],
    share: band.meanTotalMs > 0 ? band.meanPartsMs[part] / band.meanTotalMs : 0,
  }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
}

/** `init 61%, handler 22%` of a band; `–` where it has no breakdown. */
export function bandSummary(cell: CellAnalysis, name: Band['band'], parts = 2): string {
  const band = cell.bands.find((candidate) => candidate.band === name && candidate.requests > 0);
  if (!band) return '–';
  return largestParts(band)
    .slice(0, parts)
    .map(({ part, share }) => `${partLabel(part, [cell.cell])} ${Math.round(share * 100)}%`)
    .join(', ');
}

export interface Ranked extends Named {
  figure: Figure;
}

/** Cells that have the figure, smallest first. */
export function rank(named: readonly Named[], of: (cell: CellAnalysis) => Figure): Ranked[] {
  return named
    .map((item) => ({ ...item, figure: of(item.cell) }))
    .filter(({ figure }) => figure.value !== null)
    .sort((a, b) => (a.figure.value ?? 0) - (b.figure.value ?? 0));
}
