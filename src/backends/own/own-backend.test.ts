import { expect, test } from 'vitest';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { open, useOwnFiles } from './testing/own-files.ts';

useOwnFiles();

test('what it offers: its handlers, its operations with weight 1, nothing to start', async () => {
  const backend = await open({ 'ops/a.graphql': '{ a }' });
  expect(backend).toMatchObject({
    name: 'own',
    servers: ['mine'],
    datasets: ['ops'],
    variants: [],
  });
  expect(backend.operations).toEqual([{ name: 'a', weight: 1 }]);
  const endpoint = anEndpoint({ backend: 'own', server: 'mine' });
  expect(backend.instanceKey(endpoint)).toBe(backend.instanceKey({ ...endpoint, memoryMb: 128 }));
});
