import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import type { Cell } from '../model/run.ts';
import type { LoadOperation } from '../model/scenario.ts';
import { aProvisionedEndpoint } from '../model/testing/a-provisioned-endpoint.ts';
import { anEndpoint } from '../model/testing/an-endpoint.ts';
import { type Patience, smokeTest } from './smoke-test.ts';

const CELL: Cell = {
  id: 'own-cell',
  endpoint: anEndpoint({ backend: 'own' }),
  profile: { kind: 'users', users: 1, overS: 1 },
};

let server: Server | null = null;
afterEach(() => server?.close());

/** Answers each operation by its name; asked in this order. */
async function endpoint(answers: Record<string, [number, string]>) {
  const asked: string[] = [];
  const listening = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const name = /query (\w+)/.exec(body)?.[1] ?? '';
    asked.push(name);
    const [status, text] = answers[name] ?? [200, '{"data":{}}'];
    response.writeHead(status).end(text);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  return { asked, provisioned: at(port) };
}

function at(port: number): ProvisionedEndpoint {
  return aProvisionedEndpoint({
    url: `http://127.0.0.1:${port}/`,
    // Nothing listens there: a log that cannot be read takes nothing from what is told.
    aws: {
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    },
  });
}

function operation(name: string, users = true): LoadOperation {
  const origin = { file: 'ops.graphql', line: 3, fragments: [] };
  return {
    name,
    query: `query ${name} { a }`,
    weight: 1,
    rows: [{ variables: {}, digest: null }],
    ...(users ? { origin } : {}),
  };
}

async function told(
  provisioned: ProvisionedEndpoint,
  operations: LoadOperation[],
  patience?: Patience,
) {
  const signal = AbortSignal.timeout(20_000);
  return smokeTest(CELL, provisioned, operations, signal, patience).then(
    () => null,
    (error: Error) => ({ kind: error.name, text: error.message }),
  );
}

test('every operation is tried, and all that is wrong is told', async () => {
  const { asked, provisioned } = await endpoint({
    B: [400, '{"errors":[{"message":"no such field"}]}'],
    D: [401, '{"message":"Unauthorized"}'],
  });
  const problem = await told(
    provisioned,
    ['A', 'B', 'C', 'D'].map((name) => operation(name)),
  );
  expect(asked).toEqual(['A', 'B', 'C', 'D']);
  expect(problem).toEqual({
    kind: 'UsageError',
    text: `own-cell: 2 of 4 operations are not answered as they must be
  B (ops.graphql:3): answers 400: no such field
  D (ops.graphql:3): answers 401: Unauthorized (is a header missing or wrong? --header)`,
  });
});

test('an endpoint that was just made is asked until one round is right', async () => {
  const answers: Record<string, [number, string]> = { A: [403, '{"message":"Forbidden"}'] };
  const { asked, provisioned } = await endpoint(answers);
  const waiting = vi.fn(() => {
    if (answers.A === undefined) delete answers.B;
    else answers.B = [500, '{"message":"Internal Server Error"}'];
    delete answers.A;
  });
  const both = [operation('A'), operation('B')];
  expect(await told(provisioned, both, { patienceMs: 10_000, waiting })).toBeNull();
  expect(asked).toEqual(['A', 'B', 'A', 'B', 'A', 'B']);
  // What will not pass is not waited for, and what may not for ever.
  answers.B = [400, '{"errors":[{"message":"no such field"}]}'];
  expect(await told(provisioned, both, { patienceMs: 10_000, waiting })).not.toBeNull();
  answers.B = [403, '{}'];
  expect(await told(provisioned, both, { patienceMs: 0, waiting })).not.toBeNull();
  expect(waiting).toHaveBeenCalledTimes(2);
});

test('operations with one problem share a line; where they are ours, it is not the user', async () => {
  const names = ['A', 'B', 'C', 'D', 'E'];
  const page: [number, string] = [200, '<html>'];
  const { provisioned } = await endpoint(Object.fromEntries(names.map((name) => [name, page])));
  expect(
    await told(
      provisioned,
      names.map((name) => operation(name, false)),
    ),
  ).toEqual({
    kind: 'ToolError',
    text: 'own-cell: A, B, C and 2 more: answers HTML, not GraphQL: <html>',
  });
});

test('after an endpoint that does not answer at all, the others are not tried', async () => {
  const { provisioned } = await endpoint({});
  server?.close();
  const problem = await told(provisioned, [operation('A'), operation('B')]);
  expect(problem?.text).toMatch(/A \(ops\.graphql:3\): f does not answer: .*\n.*B .*: not tried/);
});
