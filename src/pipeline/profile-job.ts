import type { RunFolder } from '../store/run-store.ts';
import type { LiveCell } from './provision.ts';
import type { RunSettings, RunSink, Tools } from './types.ts';

/** What the pass that keeps CPU profiles is made of. */
export interface ProfileJob {
  cells: readonly LiveCell[];
  folder: RunFolder;
  seed: number;
  tools: Tools;
  settings: RunSettings;
  sink: RunSink;
  signal: AbortSignal;
}
