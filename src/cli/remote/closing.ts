import { messageOf } from '../../base/errors.ts';
import type { Target } from '../../model/ports.ts';

/** What work gave, and what closing its target failed with: neither hides the other. */
export interface Closed<T> {
  result: T;
  /** Resources that are left in an account, for example; null: all is closed. */
  unclosed: unknown;
}

/**
 * Runs `work` and closes the target, however it ends. Where work throws, what closing fails with is
 * told by `tell`: what is left in an account is known also after Ctrl-C.
 */
export async function closing<T>(
  target: () => Target | undefined,
  tell: (text: string) => void,
  work: () => Promise<T>,
): Promise<Closed<T>> {
  const close = async () => {
    try {
      await target()?.close();
      return null;
    } catch (error) {
      return error;
    }
  };
  let result: T;
  try {
    result = await work();
  } catch (error) {
    const unclosed = await close();
    if (unclosed !== null) tell(messageOf(unclosed));
    throw error;
  }
  return { result, unclosed: await close() };
}

/** Says what could not be closed, for a command that ends with another error all the same. */
export function tellUnclosed(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

/** Throws what ended a run, and tells what could not be closed; or throws that. */
export function throwWhatFailed({ failure }: { failure: Error | null }, unclosed: unknown): void {
  if (unclosed !== null && failure !== null) tellUnclosed(messageOf(unclosed));
  const failed = failure ?? unclosed;
  if (failed !== null) throw failed;
}
