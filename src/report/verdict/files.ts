import type { Analysis } from '../../model/analysis.ts';

/** A file of a gate's run folder. */
export interface GateFile {
  name: string;
  text: string;
}

/** The verdict in every format; none of a run that is no gate. */
export function gateFiles(analysis: Analysis): GateFile[] {
  if (analysis.gate === null) return [];
  return [];
}
