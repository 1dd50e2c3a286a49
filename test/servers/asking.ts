import { expect } from 'vitest';
import type { Handlers } from './handlers.ts';

/** What is compared of an answer. */
export interface Seen {
  status: number;
  type: string | undefined;
  /** As text too: the order of the fields is part of an answer. */
  data: unknown;
  text: string | undefined;
  errors: { message: string; path: unknown; extensions: unknown }[] | undefined;
}

export interface GraphqlAnswer {
  data?: unknown;
  errors?: { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

/** What each handler answers, by its name. */
export async function ask({ all }: Handlers, event: object): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  for (const [name, handler] of all) {
    const { answer } = await handler.invoke(event);
    const { data, errors, ...rest } = JSON.parse(answer.body) as GraphqlAnswer;
    expect(rest, name).toEqual({});
    // Nothing of the server's own.
    expect(answer.body, name).not.toMatch(/stack|originalError|index\.cjs|node_modules/);
    seen.set(name, {
      status: answer.statusCode,
      type: headerOf(answer.headers, 'content-type'),
      data,
      text: JSON.stringify(data),
      errors: errors?.map(({ message, path, extensions }) => ({ message, path, extensions })),
    });
  }
  return seen;
}

/** Names of headers have no case. */
function headerOf(headers: Record<string, string>, name: string): string | undefined {
  return Object.entries(headers).find(([own]) => own.toLowerCase() === name)?.[1];
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Asks all of them and expects one answer. */
export async function askForOne(handlers: Handlers, event: object): Promise<Seen> {
  const seen = await ask(handlers, event);
  const [first] = seen.values();
  if (first === undefined) throw new Error('there are no handlers');
  for (const [name, answer] of seen) expect(answer, name).toEqual(first);
  expect(first.type).toBe(JSON_TYPE);
  return first;
}

/** The text of one of the API's operations. */
export function queryOf({ operations }: Handlers, name: string): string {
  const query = operations.find((operation) => operation.name === name)?.query;
  if (query === undefined) throw new Error(`there is no operation ${name}`);
  return query;
}
