import type { Supervisor } from '../base/processes/supervisor.ts';
import type { GateResult } from '../model/gate.ts';
import type {
  Backend,
  BackendOptions,
  BaseCode,
  Collector,
  Engine,
  EngineProgress,
  Target,
} from '../model/ports.ts';
import type { Cell, Fingerprint } from '../model/run.ts';
import type { Trial } from '../model/trial.ts';
import type { Warning } from '../model/warning.ts';

/** The implementations a run uses; only cli/registry.ts and cli/tools.ts know them by name. */
export interface Tools {
  supervisor: Supervisor;
  target: Target;
  engine: Engine;
  backends: ReadonlyMap<string, Backend>;
  collectors: readonly Collector[];
  fingerprint: Fingerprint;
}

/** What a run says while it goes on. The CLI shows it; nothing below prints. */
export type RunEvent =
  /** open: it may end before. */
  | {
      kind: 'run-started';
      runId: string;
      path: string;
      trials: number;
      expectedS: number;
      open: boolean;
    }
  /** A step outside of load: `seeding 5,000 tweets`. */
  | { kind: 'step'; text: string }
  | { kind: 'trial-started'; cellId: string; index: number; of: number }
  | { kind: 'load'; cell: Cell; expectedS: number; progress: EngineProgress }
  | { kind: 'trial-ended'; trial: Trial; index: number; of: number }
  /** What a gate would say now. */
  | { kind: 'gate-looked'; result: GateResult }
  | { kind: 'warning'; warning: Warning };

export type RunSink = (event: RunEvent) => void;

/** Ends a run that has become dearer or longer than it may be. */
export interface RunGuard {
  /** `left`: trials that are still to come. Throws an ExpectedError to end the run. */
  afterTrial(ended: { trial: Trial; cell: Cell; folder: string; left: number }): Promise<void>;
}

export interface RunSettings {
  keepRaw: boolean;
  requestTimeoutS: number;
  maxVus: number;
  /** Sent with every request; secret, never stored. */
  headers: Record<string, string>;
  backendOptions: BackendOptions;
  cacheFolder: string;
  /** Not null: cells of the revision `base` have their code from it. */
  baseCode: BaseCode | null;
  /** Profile what handlers do, after all rounds. */
  cpuProfiles?: boolean;
  /** null: nothing but the plan ends the run. */
  guard: RunGuard | null;
  /** Collectors give up after this long. */
  collectDeadlineMs: number;
}
