import type { AwsAccess } from '../../model/ports.ts';
import type { Collected } from '../shared/job.ts';
import type { TraceJob, XRaySettings } from './settings.ts';

/** A collection without what cannot be sent to a thread. */
export interface ThreadJob extends Omit<TraceJob, 'traceIds' | 'signal'> {
  /** One a line: a single text is sent in a fraction of the time of a list. */
  traceIds: string;
  access: AwsAccess;
  settings: XRaySettings;
}

/** What the thread says, once. */
export type ThreadAnswer =
  | { kind: 'collected'; collected: Collected }
  | { kind: 'failed'; name: string; message: string };

/** Sent to the thread where the trial is given up. */
export const ABORT = 'abort';
