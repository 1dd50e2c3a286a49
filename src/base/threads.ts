import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';

/** The module of a thread beside the one that starts it: `.ts` in the clone, `.js` as installed. */
export function threadFile({ url, filename }: ImportMeta, name: string): URL {
  return new URL(`./${name}${extname(filename)}`, url);
}

/**
 * The first message of a thread, when the thread has ended. Rejects with its error, or with `early` where
 * it ended without a message.
 */
export async function answerOf<Answer>(thread: Worker, early: Error): Promise<Answer> {
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  try {
    return await new Promise<Answer>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      void exited.then(() => reject(early));
    });
  } finally {
    await exited;
  }
}
