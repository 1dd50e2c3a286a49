import { z } from 'zod';
import type { LogEvent } from '../telemetry/log-book.ts';
import type { Backing } from './backing.ts';
import { validated } from './validation.ts';
import { ServiceError } from './wire.ts';

/** Most events of a page, and most bytes of their messages. */
export const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;
/** What an event counts beside its message. */
const EVENT_BYTES = 26;

/** Milliseconds since the epoch. */
export const instantMs = z.number().int().min(0);

/** Members of every operation on one group: its name, or its name or ARN. */
export const groupMembers = {
  logGroupName: z.string().min(1).max(512).nullish(),
  logGroupIdentifier: z.string().min(1).max(2048).nullish(),
};

type GroupInput = z.infer<z.ZodObject<typeof groupMembers>>;

export function logsInput<T>(schema: z.ZodType<T>, body: unknown): T {
  return validated(schema, body, 'InvalidParameterException');
}

/** The name of an existing group. */
export function groupOf(backing: Backing, input: GroupInput): string {
  const { logGroupName, logGroupIdentifier } = input;
  if (typeof logGroupName === 'string' && typeof logGroupIdentifier === 'string') {
    throw invalid('LogGroupName and LogGroupIdentifier cannot both be given.');
  }
  const identifier = logGroupName ?? logGroupIdentifier;
  if (typeof identifier !== 'string') {
    throw invalid('Either LogGroupName or LogGroupIdentifier must be given.');
  }
  const group = identifier
    .replace(/^arn:[^:]{1,64}:logs:[^:]{0,64}:\d{12}:log-group:/, '')
    .replace(/:\*$/, '');
  if (backing.logs.size(group) === undefined) {
    throw notFound('The specified log group does not exist.');
  }
  return group;
}

export function checkStream(backing: Backing, group: string, stream: string): void {
  if (!backing.logs.hasStream(group, stream)) {
    throw notFound('The specified log stream does not exist.');
  }
}

/** Counts events into a page until it is full; its first event is always in it. */
export class PageRoom {
  readonly #limit: number;
  #events = 0;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False where the page is full before this event. */
  take({ message }: LogEvent): boolean {
    const bytes = this.#bytes + Buffer.byteLength(message) + EVENT_BYTES;
    if (this.#events > 0 && (this.#events >= this.#limit || bytes > MOST_BYTES)) return false;
    this.#events += 1;
    this.#bytes = bytes;
    return true;
  }
}

export function invalid(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameterException', message);
}

function notFound(message: string): ServiceError {
  return new ServiceError(400, 'ResourceNotFoundException', message);
}
