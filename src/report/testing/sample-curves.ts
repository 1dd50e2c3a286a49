import type { CellAnalysis } from '../../model/analysis.ts';
import { quantile } from './sample-figures.ts';
import type { SampleRequest } from './sample-request.ts';

export function sampleCurve(sorted: number[]): CellAnalysis['curves'][number]['points'] {
  return Array.from({ length: 120 }, (_, i) => {
    const q = 1 - 10 ** (-(i / 119) * Math.log10(Math.max(10, sorted.length)));
    return { quantile: Math.round(q * 1e6) / 1e6, ms: quantile(sorted, q) };
  });
}

/** A point a second of one trial. */
export function sampleTimeline(requests: SampleRequest[]): CellAnalysis['timeline']['points'] {
  const seconds = Math.ceil(requests.at(-1)?.atS ?? 0);
  return Array.from({ length: seconds }, (_, s) => {
    const bin = requests.filter((r) => Math.floor(r.atS) === s);
    const totals = bin.map((r) => r.totalMs).sort((a, b) => a - b);
    return {
      trial: requests[0]?.trial ?? 1,
      atS: s,
      phase: bin[0]?.phase ?? 'hold',
      requests: bin.length,
      failures: bin.filter((r) => r.failed).length,
      cold: bin.filter((r) => r.cold).length,
      p50Ms: bin.length > 0 ? quantile(totals, 0.5) : null,
      maxMs: totals.at(-1) ?? null,
    };
  });
}
