import { describe, expect, test } from 'vitest';
import { restApiEvent } from '../../src/backends/shared/testing/events.ts';
import { askForOne, queryOf } from './asking.ts';
import type { Handlers } from './handlers.ts';

/** Ten users in one request: one call to the backend with batching, and the same answer. */
export function batchingSavesCalls(handlers: () => Handlers): void {
  describe('batching', () => {
    const ofTen = (change: (variables: Record<string, unknown>) => object) => {
      const operation = handlers().operations.find(({ name }) => name === 'TenUsers');
      const variables = operation?.rows[3]?.variables ?? {};
      return restApiEvent({
        query: operation?.query,
        variables: { ...variables, ...change(variables) },
      });
    };

    test('ten users are ten calls, or one', async () => {
      const calls = await callsOf(
        handlers(),
        ofTen(() => ({})),
      );
      for (const [name, count] of calls) expect(count, name).toBe(isBatched(name) ? 1 : 10);
    });

    test('the same user ten times', async () => {
      const event = ofTen(({ h0 }) => Object.fromEntries(TEN.map((place) => [`h${place}`, h0])));
      const { data } = await askForOne(handlers(), event);
      expect(new Set(Object.values(data as object).map((user) => user.name)).size).toBe(1);
      const calls = await callsOf(handlers(), event);
      for (const [name, count] of calls) expect(count, name).toBe(isBatched(name) ? 1 : 10);
    });

    test.each(['nobody', '', 'x'.repeat(3_000)])('one of ten is not there: %j', async (h4) => {
      const { data, errors } = await askForOne(
        handlers(),
        ofTen(() => ({ h4 })),
      );
      expect(data).toBeNull();
      expect(errors).toEqual([
        { message: 'User not found', path: ['u4'], extensions: { code: 'NOT_FOUND' } },
      ]);
    });

    test('more users than a batch holds', async () => {
      const rows = handlers().operations[0]?.rows.slice(0, 120) ?? [];
      const fields = rows.map(
        ({ variables }, place) => `u${place}: getUserInfo(handle: "${variables.handle}") { name }`,
      );
      const event = restApiEvent({ query: `{ ${fields.join('\n')} }` });
      const { data } = await askForOne(handlers(), event);
      expect(Object.keys(data as object)).toHaveLength(120);
      for (const [name, count] of await callsOf(handlers(), event)) {
        if (isBatched(name)) expect(count, name).toBeLessThanOrEqual(2);
        else expect(count, name).toBe(120);
      }
    });
  });
}

const TEN = Array.from({ length: 10 }, (_, place) => place);

function isBatched(name: string): boolean {
  return name.includes('batched');
}

/** Calls to the backend for one event, by handler, as X-Ray is told of them. */
async function callsOf(handlers: Handlers, event: object): Promise<Map<string, number>> {
  const calls = new Map<string, number>();
  const last = restApiEvent({
    query: queryOf(handlers, 'UserProfile'),
    variables: handlers.operations[0]?.rows[0]?.variables,
  });
  for (const [name, handler] of handlers.all) {
    const [own, next] = [traceHeader(), traceHeader()];
    await handler.invoke(event, own.header);
    // Datagrams of one socket come in their order: all of the first came when one of the next is here.
    await handler.invoke(last, next.header);
    await handlers.daemon.untilOne((document) => document.trace_id === next.traceId);
    calls.set(
      name,
      handlers.daemon.received.filter(({ trace_id }) => trace_id === own.traceId).length,
    );
  }
  return calls;
}

let traces = 0;
function traceHeader(): { traceId: string; header: string } {
  traces += 1;
  const traceId = `1-691f0c2a-${String(traces).padStart(24, '0')}`;
  return { traceId, header: `Root=${traceId};Parent=53995c3f42cd8ad8;Sampled=1` };
}
