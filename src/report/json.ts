import type { Analysis } from '../model/analysis.ts';

/** The analysis as it is, for machines: the same document as analysis.json. */
export function renderJson(analysis: Analysis): string {
  return `${JSON.stringify(analysis, null, 2)}\n`;
}
