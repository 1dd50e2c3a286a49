import type { Analysis } from '../../model/analysis.ts';
import { renderBencher } from './bencher.ts';
import { renderGithubActionBenchmark } from './github-action-benchmark.ts';
import { renderGateJson } from './json.ts';
import { renderGateJunit } from './junit.ts';
import { comment, summary } from './markdown.ts';

/** A file of a gate's run folder. */
export interface GateFile {
  /** Below the run's folder: `gate/junit.xml`. */
  name: string;
  text: string;
}

/**
 * The verdict in every format; none of a run that is no gate. Histories take no file without figures,
 * so theirs are left out where nothing was measured.
 */
export function gateFiles({ gate }: Pick<Analysis, 'gate'>): GateFile[] {
  if (gate === null) return [];
  const texts: [string, string | null][] = [
    ['gate.json', renderGateJson(gate)],
    ['junit.xml', renderGateJunit(gate)],
    ['summary.md', summary(gate)],
    ['comment.md', comment(gate)],
    ['github-action-benchmark.json', renderGithubActionBenchmark(gate)],
    ['bencher.json', renderBencher(gate)],
  ];
  return texts.flatMap(([name, text]) => (text === null ? [] : [{ name: `gate/${name}`, text }]));
}
