import { UsageError } from '../../base/errors.ts';
import { listed } from '../../base/words.ts';
import { type Front, STREAMING_FRONT } from '../../model/endpoint.ts';
import type { Chosen } from './choose.ts';
import { parsedList } from './parsed.ts';
import { onOrOff } from './values.ts';

/**
 * Whether answers are streamed, of the fronts that can. Throws UsageError where it leaves a front without
 * a cell. Lambda streams behind InvokeWithResponseStream, too, as an event stream, which the k6 scripts
 * do not read, and behind REST APIs that are set up for it, which bench does not do.
 */
export function responseStreaming(chosen: Chosen, fronts: readonly Front[]): boolean[] {
  const levels = parsedList(chosen, 'responseStreaming', onOrOff);
  if (levels.includes(false)) {
    if (!levels.includes(true) || fronts.includes(STREAMING_FRONT)) return levels;
    throw new UsageError(
      `${chosen.named('responseStreaming')}: on needs the front ${STREAMING_FRONT}: add it to ${chosen.named('front')}`,
    );
  }
  const others = fronts.filter((front) => front !== STREAMING_FRONT);
  if (others.length === 0) return levels;
  throw new UsageError(
    `${chosen.named('responseStreaming')}: on leaves nothing of ${listed(others)}, which ${others.length === 1 ? 'answers' : 'answer'} as a whole (${reasonsOf(others)})\n  take ${chosen.named('front')} ${STREAMING_FRONT}${fronts.includes(STREAMING_FRONT) ? ', or write on,off' : ''}`,
  );
}

const REASONS: Partial<Record<Front, string>> = {
  invoke: 'Invoke streams as an event stream, which the scenarios do not read',
};

function reasonsOf(fronts: readonly Front[]): string {
  const own = fronts.flatMap((front) => REASONS[front] ?? []);
  const apis = fronts.some((front) => REASONS[front] === undefined);
  return [...own, ...(apis ? ['bench sets API Gateway up with buffered answers'] : [])].join('; ');
}
