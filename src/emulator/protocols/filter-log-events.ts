import { z } from 'zod';
import type { LogEvent, LogSelection } from '../telemetry/log-book.ts';
import type { Backing } from './backing.ts';
import { parseFilterPattern } from './filter-pattern.ts';
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
  logStreamNames: z.array(z.string()).min(1).max(100).nullish(),
  logStreamNamePrefix: z.string().min(1).nullish(),
  startTime: instantMs.nullish(),
  endTime: instantMs.nullish(),
  filterPattern: z.string().max(1024).nullish(),
  limit: z.int().min(1).max(MOST_EVENTS).nullish(),
  nextToken: z.string().min(1).nullish(),
});
type Input = z.infer<typeof schema>;

const tokenSchema = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

/** FilterLogEvents: events of all streams in order of time; those of later than the first page wait. */
export async function filterLogEvents(
  backing: Backing,
  body: unknown,
): Promise<Record<string, unknown>> {
  const input = logsInput(schema, body);
  const group = groupOf(backing, input);
  const names = input.logStreamNames ?? null;
  if (names !== null && typeof input.logStreamNamePrefix === 'string') {
    throw invalid('logStreamNamePrefix and logStreamNames cannot both be given.');
  }
  for (const name of names ?? []) checkStream(backing, group, name);
  const matches = parseFilterPattern(input.filterPattern ?? '');
  if (matches === null) throw invalid('Invalid filter pattern');
  const { upTo, from } = readToken(input.nextToken ?? null, backing.logs.size(group) ?? 0);
  const selection: LogSelection = {
    group,
    stream: names?.length === 1 ? (names[0] as string) : null,
    startMs: input.startTime ?? 0,
    // The end is inclusive.
    endMs: (input.endTime ?? Number.MAX_SAFE_INTEGER - 1) + 1,
    upTo,
  };
  const room = new PageRoom(input.limit ?? MOST_EVENTS);
  const page = await backing.logs.page(selection, from, MOST_EVENTS);
  const events: Record<string, unknown>[] = [];
  let read = 0;
  for (const event of page.events) {
    if (inStreams(event, input) && matches(event.message)) {
      if (!room.take(event)) break;
      events.push({
        logStreamName: event.logStreamName,
        timestamp: event.timestampMs,
        message: event.message,
        ingestionTime: event.timestampMs,
        eventId: event.eventId,
      });
    }
    read += 1;
  }
  const next = read < page.events.length ? from + read : page.next;
  return {
    events,
    searchedLogStreams: [],
    ...(next === null ? {} : { nextToken: writeToken(upTo, next) }),
  };
}

function inStreams(event: LogEvent, input: Input): boolean {
  const { logStreamNames, logStreamNamePrefix } = input;
  return (
    (logStreamNames?.includes(event.logStreamName) ?? true) &&
    (typeof logStreamNamePrefix !== 'string' || event.logStreamName.startsWith(logStreamNamePrefix))
  );
}

function writeToken(upTo: number, from: number): string {
  return Buffer.from(JSON.stringify([upTo, from])).toString('base64url');
}

function readToken(token: string | null, size: number): { upTo: number; from: number } {
  if (token === null) return { upTo: size, from: 0 };
  try {
    const [upTo, from] = tokenSchema.parse(
      JSON.parse(Buffer.from(token, 'base64url').toString('utf8')),
    );
    if (upTo <= size) return { upTo, from };
  } catch {
    // Not one of ours: said below.
  }
  throw invalid('The specified nextToken is invalid.');
}
