import type { Analysis, CellAnalysis } from '../model/analysis.ts';
import { formatCount } from './format.ts';

/**
 * Where a share of the requests was to be traced: how many of them the parts of latency rest on. null
 * where all were.
 */
export function tracedText({ run, cells }: Pick<Analysis, 'run' | 'cells'>): string | null {
  const { traceShare } = run.plan;
  // Of others the headline says that nothing but what clients see is known.
  const known = cells.filter(({ cell }) => cell.endpoint.memoryMb !== null);
  if (traceShare >= 1 || known.length === 0) return null;
  const counts = known.map(explained);
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
  const answered = sum(known.map(({ latency }) => latency.p50.n));
  const least =
    known.length === 1 ? '' : `, on ${formatCount(Math.min(...counts))} of a cell at the least`;
  return `${Number((traceShare * 100).toPrecision(3))}% of the requests were to be traced (--trace-sample): parts of latency rest on ${formatCount(sum(counts))} of ${formatCount(answered)} answered requests of the hold phase${least}.`;
}

const explained = ({ bands }: CellAnalysis) =>
  bands.find(({ band }) => band === 'all')?.requests ?? 0;
