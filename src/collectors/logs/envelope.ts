import { z } from 'zod';
import type { RawLogEvent } from '../../model/raw.ts';

const eventSchema = z.object({
  eventId: z.string(),
  logStreamName: z.string(),
  timestamp: z.number(),
  ingestionTime: z.number(),
  message: z.string(),
});
const pageSchema = z.object({
  events: z.array(z.unknown()).optional(),
  nextToken: z.string().optional(),
});

export interface LogPage {
  events: RawLogEvent[];
  nextToken: string | undefined;
}

/** A page of FilterLogEvents; events that cannot be read are told and left out. */
export function parsePage(answer: unknown, damaged: (problem: string) => void): LogPage {
  const page = pageSchema.safeParse(answer);
  if (!page.success) {
    damaged(z.prettifyError(page.error));
    return { events: [], nextToken: undefined };
  }
  const events: RawLogEvent[] = [];
  for (const each of page.data.events ?? []) {
    const event = eventSchema.safeParse(each);
    if (event.success) events.push(event.data);
    else damaged(z.prettifyError(event.error));
  }
  return { events, nextToken: page.data.nextToken || undefined };
}

const resultsSchema = z.object({
  results: z.array(z.unknown()).optional(),
  nextToken: z.string().optional(),
});
const rowSchema = z.array(z.object({ field: z.string(), value: z.string() }));

/** A page of GetQueryResults with `@timestamp`, `@ingestionTime`, `@logStream`, `@message` and `@ptr`. */
export function parseResults(answer: unknown, damaged: (problem: string) => void): LogPage {
  const page = resultsSchema.safeParse(answer);
  if (!page.success) {
    damaged(z.prettifyError(page.error));
    return { events: [], nextToken: undefined };
  }
  const events: RawLogEvent[] = [];
  for (const each of page.data.results ?? []) {
    const row = rowSchema.safeParse(each);
    if (!row.success) {
      damaged(z.prettifyError(row.error));
      continue;
    }
    const fields = new Map(row.data.map(({ field, value }) => [field, value]));
    const timestamp = epochMs(fields.get('@timestamp'));
    const logStreamName = fields.get('@logStream');
    const message = fields.get('@message');
    if (timestamp === null || logStreamName === undefined || message === undefined) {
      damaged('a row of Logs Insights lacks @timestamp, @logStream or @message');
      continue;
    }
    events.push({
      eventId: fields.get('@ptr') ?? '',
      logStreamName,
      timestamp,
      ingestionTime: epochMs(fields.get('@ingestionTime')) ?? timestamp,
      message,
    });
  }
  return { events, nextToken: page.data.nextToken || undefined };
}

/** `2026-11-21 10:00:00.123`, in UTC. */
function epochMs(text: string | undefined): number | null {
  const ms = text === undefined ? Number.NaN : Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** Whether a message is the platform's report of an invocation, in its text or its JSON format. */
export function isReport(message: string): boolean {
  return (
    message.startsWith('REPORT RequestId: ') || /"type"\s*:\s*"platform\.report"/.test(message)
  );
}

/** The same for two reads of one event, by whichever way. */
export function reportKey({ logStreamName, timestamp, message, eventId }: RawLogEvent): string {
  const request = /(?:RequestId: |"requestId"\s*:\s*")([0-9a-f-]{36})/.exec(message)?.[1];
  return `${logStreamName} ${timestamp} ${request ?? eventId}`;
}
