import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../base/errors.ts';
import { createSupervisor, type Supervisor } from '../base/processes/supervisor.ts';

/** How long a first signal may take to wind down before everything is ended by force. */
const GRACE_MS = 10_000;
/** How long `onForce` is waited for. */
const LAST_WORDS_MS = 5_000;

export interface SessionOptions {
  /** null: for as long as it takes, as where things must be removed that are not on this machine. */
  graceMs?: number | null;
  /** Hears of the first signal. */
  onSignal?(): void;
  /** Asked on the second, and waited for a little. */
  onForce?(): Promise<void>;
}

/**
 * Runs a command that starts processes: gives it a supervisor and a signal that SIGINT and SIGTERM
 * abort, and ends everything it started, however it ends. A second signal ends it at once.
 */
export async function withSession<T>(
  work: (supervisor: Supervisor, signal: AbortSignal) => Promise<T>,
  { graceMs = GRACE_MS, onSignal: told, onForce = async () => {} }: SessionOptions = {},
): Promise<T> {
  const supervisor = createSupervisor();
  const controller = new AbortController();
  const leaveAtOnce = (name: 'SIGINT' | 'SIGTERM') => {
    const asked = Promise.race([onForce().catch(() => {}), sleep(LAST_WORDS_MS)]);
    void Promise.all([asked, supervisor.close()]).finally(() =>
      process.exit(name === 'SIGINT' ? 130 : 143),
    );
  };
  const onSignal = (name: 'SIGINT' | 'SIGTERM') => {
    if (controller.signal.aborted) return leaveAtOnce(name);
    told?.();
    controller.abort(new InterruptedError(name));
    if (graceMs !== null) setTimeout(leaveAtOnce, graceMs, name).unref();
  };
  const onHangup = () => onSignal('SIGTERM');
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onHangup);
  try {
    return await work(supervisor, controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    await supervisor.close();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.off('SIGHUP', onHangup);
  }
}
