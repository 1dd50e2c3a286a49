import type { Supervisor } from '../base/processes/supervisor.ts';
import type { GateSide } from '../model/gate.ts';
import type { BaseCode } from '../model/ports.ts';

export interface Revisions {
  base: GateSide;
  head: GateSide;
  code: BaseCode;
  /** What may mislead, as sentences. */
  notes: string[];
}

/** Finds the revision a gate compares the working tree with, in the repository of `cwd`. */
export async function openRevisions(_job: {
  /** As git names it: `origin/main`. */
  against: string;
  cwd: string;
  /** Command that makes a checkout ready, run by a shell in it; null: nothing is needed. */
  build: string | null;
  /** Absolute files or folders whose code is measured: they must lie in the repository. */
  code: readonly { path: string; named: string }[];
  cacheFolder: string;
  supervisor: Supervisor;
  signal: AbortSignal;
  step(text: string): void;
}): Promise<Revisions> {
  throw new Error('to be written');
}
