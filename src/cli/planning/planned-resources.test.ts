import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { synth } from '../../../deploy/stacks/app.ts';
import { sampleSpec } from '../../../deploy/stacks/testing/sample-spec.ts';
import type { StackTemplate } from '../../../deploy/stacks/testing/templates.ts';
import { aPlan } from '../../analysis/cost/estimate/testing/a-plan.ts';
import { assetsTemplate } from '../../targets/aws/deployment/assets-stack.ts';
import { resourcesOf, stackShapes } from './planned-resources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-resources-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is told before is what the templates hold', () => {
  const spec = sampleSpec(folder, {
    backends: ['dynamo', 'postgres'],
    memories: [1024, 2048],
    alias: true,
  });
  synth(spec, join(folder, 'out'));
  const templates = spec.stacks.map(({ name }) =>
    JSON.parse(readFileSync(join(folder, 'out', `${name}.template.json`), 'utf8')),
  ) as StackTemplate[];
  const types = [...templates, assetsTemplate('bench-b')].flatMap(({ Resources }) =>
    (Object.values(Resources) as { Type: string }[]).map(({ Type }) => Type),
  );
  const found = [...Map.groupBy(types, (type) => type)].map(([type, of]) => [type, of.length]);
  const told = Object.fromEntries(resourcesOf(spec.stacks).map(({ type, count }) => [type, count]));
  expect(told).toEqual(Object.fromEntries(found));
});

test('cells of one function share it, with all fronts that are asked for', () => {
  const plan = aPlan([
    { front: 'rest-api' },
    { front: 'invoke' },
    { front: 'rest-api', memoryMb: 512 },
    { backend: 'postgres', front: 'function-url', provisionedConcurrency: 2 },
  ]);
  expect(stackShapes(plan, 'arm64')).toEqual([
    {
      backend: 'dynamo',
      datasets: ['x1'],
      functions: [
        { fronts: ['rest-api', 'invoke'], alias: false },
        { fronts: ['rest-api'], alias: false },
      ],
    },
    {
      backend: 'postgres',
      datasets: ['x1'],
      functions: [{ fronts: ['function-url'], alias: true }],
    },
  ]);
  expect(resourcesOf(stackShapes(aPlan([{ backend: 'rest' }]), 'arm64'))).toEqual([]);
});
