import { formatDurationS } from '../../base/duration.ts';
import { UsageError } from '../../base/errors.ts';
import { asksFirst, expectedS, trialsOf } from '../../config/expected-time.ts';
import type { Plan } from '../../model/run.ts';
import { openAsker, type Terminal } from '../terminal/ask.ts';

/** `240 trials, about 2 h 04 m` */
export function sizeOf(plan: Plan): string {
  const trials = trialsOf(plan);
  return `${trials === 1 ? '1 trial' : `${trials.toLocaleString('en')} trials`}, about ${formatDurationS(expectedS(plan))}`;
}

/**
 * Asks before a long run. Throws UsageError where the answer is no, or where nobody is there to
 * answer; InterruptedError on Ctrl-C.
 */
export async function confirmLong(plan: Plan, yes: boolean, terminal: Terminal): Promise<void> {
  if (yes || !asksFirst(plan)) return;
  const advice = 'name fewer combinations or rounds, or go on with --yes ("bench plan" shows them)';
  await confirm(sizeOf(plan), advice, terminal);
}

/** As confirmLong, of what `size` and `advice` say. */
export async function confirm(size: string, advice: string, terminal: Terminal): Promise<void> {
  if (terminal === null) throw new UsageError(`this is ${size}: ${advice}`);
  const asker = openAsker(terminal);
  try {
    const answer = await asker.ask(`This is ${size}. Go on? [y/N] `);
    if (/^y(es)?$/i.test(answer)) return;
  } finally {
    asker.close();
  }
  throw new UsageError('not run; nothing was started');
}
