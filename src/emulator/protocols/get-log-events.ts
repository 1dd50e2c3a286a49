import { z } from 'zod';
import { comparePlaces, type LogPlace } from '../telemetry/log-group.ts';
import type { Backing } from './backing.ts';
import {
  checkStream,
  groupMembers,
  groupOf,
  instantMs,
  invalid,
  logsInput,
  MOST_EVENTS,
  PageRoom,
} from './log-input.ts';

const schema = z.object({
  ...groupMembers,
  logStreamName: z.string().min(1).max(512),
  startTime: instantMs.nullish(),
  endTime: instantMs.nullish(),
  limit: z.int().min(1).max(MOST_EVENTS).nullish(),
  nextToken: z.string().min(1).nullish(),
  startFromHead: z.boolean().nullish(),
});

/** Before every event, and after every one. */
const HEAD: LogPlace = { atUs: 0, kind: 0, index: 0 };
const TAIL: LogPlace = { atUs: Number.MAX_SAFE_INTEGER, kind: 9, index: Number.MAX_SAFE_INTEGER };

/**
 * GetLogEvents: a page of one stream, from its head or from its tail backwards, in order of time. A
 * token names the border between two events, so that events which come later appear after it, and the
 * same token comes back where there are no more.
 */
export async function getLogEvents(
  backing: Backing,
  body: unknown,
): Promise<Record<string, unknown>> {
  const input = logsInput(schema, body);
  const group = groupOf(backing, input);
  const stream = input.logStreamName;
  checkStream(backing, group, stream);
  const { logs } = backing;
  const order = logs.order({
    group,
    stream,
    startMs: input.startTime ?? 0,
    endMs: input.endTime ?? Number.MAX_SAFE_INTEGER,
    upTo: logs.size(group) ?? 0,
  });
  const token = input.nextToken ? readToken(input.nextToken) : null;
  const forward = token?.forward ?? input.startFromHead === true;
  const border = token?.place ?? (forward ? HEAD : TAIL);
  const at = placesBefore(order, (index) => comparePlaces(logs.place(group, index), border) < 0);
  const limit = input.limit ?? MOST_EVENTS;
  const picked = forward
    ? order.subarray(at, at + limit)
    : order.subarray(Math.max(0, at - limit), at);
  const events = await logs.read(group, picked);
  const room = new PageRoom(limit);
  // The page is filled from the border on.
  if (!forward) events.reverse();
  let fit = 0;
  while (fit < events.length && room.take(events[fit] as (typeof events)[number])) fit += 1;
  const page = events.slice(0, fit);
  if (!forward) page.reverse();
  const from = forward ? at : at - fit;
  const place = (position: number): LogPlace =>
    position < order.length
      ? logs.place(group, order[position] as number)
      : after(order.length === 0 ? null : logs.place(group, order[order.length - 1] as number));
  return {
    events: page.map((event) => ({
      timestamp: event.timestampMs,
      message: event.message,
      ingestionTime: event.timestampMs,
    })),
    nextForwardToken:
      fit === 0 && token !== null ? token.text('f') : writeToken('f', endOf(from + fit)),
    nextBackwardToken: fit === 0 && token !== null ? token.text('b') : writeToken('b', place(from)),
  };

  /** The border after the page: after its last event, not before the next one, which may not be there yet. */
  function endOf(position: number): LogPlace {
    return position === 0 ? place(0) : after(logs.place(group, order[position - 1] as number));
  }
}

function after(place: LogPlace | null): LogPlace {
  return place === null ? HEAD : { ...place, index: place.index + 1 };
}

/** How many events of the order are before the border. */
function placesBefore(order: Uint32Array, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(order[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `f/` or `b/` and 56 digits, as AWS's look. */
function writeToken(direction: 'f' | 'b', { atUs, kind, index }: LogPlace): string {
  const digits = `${String(atUs).padStart(20, '0')}${kind}${String(index).padStart(35, '0')}`;
  return `${direction}/${digits}`;
}

function readToken(token: string): {
  forward: boolean;
  place: LogPlace;
  text(direction: 'f' | 'b'): string;
} {
  const match = /^([fb])\/(\d{20})(\d)(\d{35})$/.exec(token);
  const place = {
    atUs: Number(match?.[2]),
    kind: Number(match?.[3]),
    index: Number(match?.[4]),
  };
  if (match === null || !Number.isSafeInteger(place.atUs) || !Number.isSafeInteger(place.index)) {
    throw invalid('The specified nextToken is invalid.');
  }
  return {
    forward: match[1] === 'f',
    place,
    text: (direction) => `${direction}/${token.slice(2)}`,
  };
}
