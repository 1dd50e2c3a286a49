import type { InvocationResult } from '../types.ts';

/** An answer of the host in place of an invocation. */
export type Refusal = Extract<InvocationResult, { kind: 'refused' }>;

export const SHUTTING_DOWN: Refusal = {
  kind: 'refused',
  reason: 'closed',
  message: 'the emulator is shutting down',
};

/** The host could not start a process: not the function's fault. */
export function notStarted(reason: string): Refusal {
  const message = `this host could not start an environment: ${reason}`;
  return { kind: 'refused', reason: 'host_capacity', message };
}
