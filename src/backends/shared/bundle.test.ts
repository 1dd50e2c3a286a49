import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { bundleHandler } from './bundle.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

function bundle() {
  const folder = supervisor.ownFolder('bench-test');
  return bundleHandler({ endpoint: anEndpoint(), source: 'dynamo', folder });
}

test('one file with only what it uses, the same bytes each time', async () => {
  const [first, second] = await Promise.all([bundle(), bundle()]);
  expect(first).toMatchObject({ file: 'index.cjs', exportName: 'handler' });
  expect(first.facts.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(second.facts).toEqual(first.facts);
  const code = readFileSync(join(first.folder, first.file), 'utf8');
  expect(Buffer.byteLength(code)).toBe(first.facts.bytes);
  expect(first.facts.bytes).toBeLessThan(600_000);
  // A sentence of the class ApolloServer: a second copy of the package would bring a second one.
  expect(code.split('You must `await server.start()` before').length - 1).toBe(1);
  // Of the usage reporting that is disabled.
  expect(code).not.toContain('protobuf');
  // Would load Node's WebSocket client in the first call: see bundle.ts.
  expect(code).not.toMatch(/import\(/);
  expect(code).not.toContain(packageRoot());
});

test('a handler that does not exist is named', async () => {
  const folder = supervisor.ownFolder('bench-test');
  await expect(
    bundleHandler({ endpoint: anEndpoint({ server: 'none' }), source: 'dynamo', folder }),
  ).rejects.toThrow(/^cannot bundle the handler none-dynamo: [\s\S]*servers\/none\.ts/);
});
