import { z } from 'zod';
import type { LogEvent, LogSelection } from '../telemetry/log-book.ts';
import type { Backing } from './backing.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { ServiceError, unknownOperation } from './wire.ts';

const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;

const filterLogEvents = z.object({
  logGroupName: z.string().nullish(),
  logGroupIdentifier: z.string().nullish(),
  logStreamNames: z.array(z.string()).nullish(),
  logStreamNamePrefix: z.string().nullish(),
  startTime: z.number().nullish(),
  endTime: z.number().nullish(),
  filterPattern: z.string().nullish(),
  limit: z.int().min(1).max(MOST_EVENTS).nullish(),
  nextToken: z.string().nullish(),
});
type Input = z.infer<typeof filterLogEvents>;

const tokenSchema = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

/** CloudWatch Logs: FilterLogEvents. */
export async function logs(
  backing: Backing,
  operation: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  if (operation !== 'FilterLogEvents') throw unknownOperation();
  const input = filterLogEvents.safeParse(body);
  if (!input.success) throw invalid(z.prettifyError(input.error));
  return filter(backing, input.data);
}

async function filter(backing: Backing, input: Input): Promise<Record<string, unknown>> {
  const group = groupOf(input);
  const size = backing.logs.size(group);
  if (size === undefined) {
    throw new ServiceError(
      400,
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    );
  }
  const matches = parseFilterPattern(input.filterPattern ?? '');
  if (matches === null) throw invalid('Invalid filter pattern');
  const { upTo, from } = readToken(input.nextToken ?? null, size);
  const selection: LogSelection = {
    group,
    startMs: input.startTime ?? 0,
    endMs: input.endTime ?? Number.MAX_SAFE_INTEGER,
    upTo,
  };
  const limit = input.limit ?? MOST_EVENTS;
  const page = await backing.logs.page(selection, from, MOST_EVENTS);
  const events: Record<string, unknown>[] = [];
  let bytes = 0;
  let read = 0;
  for (const event of page.events) {
    if (inStreams(event, input) && matches(event.message)) {
      // As AWS counts an event's size.
      bytes += Buffer.byteLength(event.message) + 26;
      if (events.length > 0 && (bytes > MOST_BYTES || events.length >= limit)) break;
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

function groupOf(input: Input): string {
  const identifier = input.logGroupName ?? input.logGroupIdentifier;
  if (identifier === undefined || identifier === null) throw invalid('logGroupName is missing');
  return identifier.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
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

function invalid(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameterException', message);
}
