import type { Analysis } from '../../model/analysis.ts';
import type { GateResult } from '../../model/gate.ts';
import { renderBencher } from './bencher.ts';
import { renderGithubActionBenchmark } from './github-action-benchmark.ts';
import { renderGateJson } from './json.ts';
import { renderGateJunit } from './junit.ts';
import { comment, summary } from './markdown.ts';

/** A file of a gate's run folder. */
interface GateFile {
  /** Below the run's folder: `gate/junit.xml`. */
  name: string;
  text: string;
}

const FORMATS: Record<string, (result: GateResult) => string | null> = {
  'gate.json': renderGateJson,
  'junit.xml': renderGateJunit,
  'summary.md': summary,
  'comment.md': comment,
  'github-action-benchmark.json': renderGithubActionBenchmark,
  'bencher.json': renderBencher,
};

/** Every name there may be, without the folder. */
export const GATE_FILES: readonly string[] = Object.keys(FORMATS);

/**
 * The verdict in every format; none of a run that is no gate. Histories take no file without figures,
 * so theirs are left out where nothing was measured.
 */
export function gateFiles({ gate }: Pick<Analysis, 'gate'>): GateFile[] {
  if (gate === null) return [];
  return Object.entries(FORMATS).flatMap(([name, render]) => {
    const text = render(gate);
    return text === null ? [] : [{ name: `gate/${name}`, text }];
  });
}
