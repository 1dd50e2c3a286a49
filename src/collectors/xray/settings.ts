import type { Job } from '../shared/job.ts';

/** What a collection of traces needs of a collector's job. */
export type TraceJob = Pick<Job, 'window' | 'traceIds' | 'rawFolder' | 'deadlineMs' | 'signal'>;

export interface XRaySettings {
  /** Calls at a time. @default 48, on this machine 4 */
  parallelism?: number;
  /** Before an id is asked again; up to eight times as long where its trace was not there. @default 5000, on this machine 200 */
  pollMs?: number;
  /**
   * A trace has settled when so many reads agree. The emulator's are complete when it has settled, so
   * there one is enough. @default 2, on this machine 1
   */
  stableReads?: number;
  /** Calls a second to begin with; null: as fast as they go. @default 20, on this machine null */
  startPerS?: number | null;
  /** From so many traces on a thread of its own collects. @default never, on this machine 8000 */
  threadFrom?: number;
}
