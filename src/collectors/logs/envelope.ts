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

/** A page of FilterLogEvents; events that cannot be read are told and left out. */
export function parsePage(
  answer: unknown,
  damaged: (problem: string) => void,
): { events: RawLogEvent[]; nextToken: string | undefined } {
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
  return { events, nextToken: page.data.nextToken };
}

/** Whether a message is the platform's report of an invocation, in its text or its JSON format. */
export function isReport(message: string): boolean {
  return (
    message.startsWith('REPORT RequestId: ') || /"type"\s*:\s*"platform\.report"/.test(message)
  );
}
