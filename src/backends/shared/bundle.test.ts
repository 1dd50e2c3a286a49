import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import type { HandlerArtifact } from '../../model/ports.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { bundleHandler } from './bundle.ts';
import { REFERENCE_API } from './reference-api.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

function bundle(server: string, batching: boolean): Promise<HandlerArtifact> {
  const folder = supervisor.ownFolder('bench-test');
  return bundleHandler({ endpoint: anEndpoint({ server, batching }), source: 'dynamo', folder });
}

function codeOf({ folder, file }: HandlerArtifact): string {
  return readFileSync(join(folder, file), 'utf8');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Bytes, with some room for the next version of what is in it. */
const LARGEST: Record<string, number> = { apollo: 600_000, yoga: 580_000, 'graphql-js': 400_000 };
const COMBINATIONS = REFERENCE_API.servers.flatMap((server) =>
  REFERENCE_API.batching.map((batching) => ({ server, batching })),
);

test.each(COMBINATIONS)(
  '$server, batching $batching: one file with only what it uses, the same bytes each time',
  async ({ server, batching }) => {
    const [first, second] = await Promise.all([bundle(server, batching), bundle(server, batching)]);
    expect(first).toMatchObject({ file: 'index.cjs', exportName: 'handler' });
    expect(first.facts).toMatchObject({ server, batching });
    expect(first.facts.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(second.facts).toEqual(first.facts);
    const code = codeOf(first);
    expect(Buffer.byteLength(code)).toBe(first.facts.bytes);
    expect(first.facts.bytes).toBeLessThan(LARGEST[server] ?? 0);
    expect(first.facts.gzipBytes).toBeLessThan(first.facts.bytes / 2);
    // A sentence of its parser: a second copy of the package would bring a second one.
    expect(count(code, 'Document contains more that')).toBe(1);
    // Of DataLoader.
    expect(code.includes('The loader.loadMany() function')).toBe(batching);
    // Would load Node's WebSocket client in the first call: see bundle.ts.
    expect(code).not.toMatch(/\bimport\(/);
    expect(code).not.toContain(packageRoot());
  },
);

test('Apollo comes once, and without the usage reporting that is disabled', async () => {
  const code = codeOf(await bundle('apollo', false));
  expect(count(code, 'You must `await server.start()` before')).toBe(1);
  expect(code).not.toContain('protobuf');
});

test('Yoga comes without uploads, and without what would load the fetch of Node', async () => {
  const code = codeOf(await bundle('yoga', false));
  expect(code).not.toContain('Unexpected end of multipart data');
  expect(code).not.toContain('globalThis.Request');
  expect(count(code, 'GraphQL only supports GET and POST requests.')).toBe(1);
});

/** What of this package its handlers are made of, elsewhere. Without packages. */
function aCheckout(): string {
  const to = join(supervisor.ownFolder('bench-test'), 'deeper', 'checkout');
  for (const part of ['package.json', 'deploy/handlers', 'fixtures/schema.graphql']) {
    cpSync(join(packageRoot(), part), join(to, part), { recursive: true });
  }
  return to;
}

function bundleOf(to: string, server: string): Promise<HandlerArtifact> {
  return bundleHandler({
    endpoint: anEndpoint({ server, batching: true, revision: 'base' }),
    source: 'dynamo',
    folder: supervisor.ownFolder('bench-test'),
    checkout: { from: packageRoot(), to },
  });
}

test.each(REFERENCE_API.servers)(
  '%s: the same code of a checkout gives the same bytes, and other code others',
  async (server) => {
    const to = aCheckout();
    symlinkSync(join(packageRoot(), 'node_modules'), join(to, 'node_modules'));
    const [here, there] = await Promise.all([bundle(server, true), bundleOf(to, server)]);
    expect(there.facts).toEqual({ ...here.facts, revision: 'base' });
    expect(codeOf(there)).not.toContain(to);
    writeFileSync(
      join(to, 'deploy/handlers/loaders/batched.ts'),
      'export const loaders = () => 7;',
    );
    const { facts } = await bundleOf(to, server);
    expect(facts.sha256).not.toBe(here.facts.sha256);
  },
);

test('packages are those of the checkout', async () => {
  await expect(bundleOf(aCheckout(), 'apollo')).rejects.toThrow(
    /^cannot bundle the handler apollo-dynamo-batched-base: [\s\S]*Could not resolve "@apollo\/server"/,
  );
});

test('a handler that does not exist is named', async () => {
  await expect(bundle('none', false)).rejects.toThrow(
    /^cannot bundle the handler none-dynamo: [\s\S]*servers\/none\.ts/,
  );
});
