/**
 * How long it takes to make the templates of dynamo and postgres at five sizes with four fronts: the
 * whole process, beside one that only loads what it needs of aws-cdk-lib and one that does nothing.
 *
 *   node benchmarks/synth.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from 'simple-statistics';
import { ALL_FRONTS, MEMORIES, sampleSpec } from '../deploy/stacks/testing/sample-spec.ts';

const REPETITIONS = 5;
const stacks = join(import.meta.dirname, '../deploy/stacks');
const folder = mkdtempSync(join(tmpdir(), 'bench-synth-'));

function timeMs(script: string): number {
  const started = performance.now();
  const args = ['--input-type=module', '--eval', script];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - started;
}

const url = (path: string) => JSON.stringify(pathToFileURL(join(stacks, path)).href);
const spec = sampleSpec(folder, {
  backends: ['dynamo', 'postgres'],
  memories: MEMORIES,
  fronts: ALL_FRONTS,
  alias: true,
});

let outdirs = 0;
const kinds: { name: string; script: () => string; ms: number[] }[] = [
  { name: 'node alone', script: () => '', ms: [] },
  { name: 'loading aws-cdk-lib', script: () => `import ${url('app.ts')};`, ms: [] },
  {
    name: 'synth',
    script: () => {
      outdirs += 1;
      const outdir = JSON.stringify(join(folder, `out-${outdirs}`));
      return `import { synth } from ${url('app.ts')}; synth(${JSON.stringify(spec)}, ${outdir});`;
    },
    ms: [],
  },
];

try {
  // In turn, after one of each that does not count.
  for (let i = -1; i < REPETITIONS; i += 1) {
    for (const { script, ms } of kinds) {
      const took = timeMs(script());
      if (i >= 0) ms.push(took);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

for (const { name, ms } of kinds) {
  const [least, most] = [Math.min(...ms), Math.max(...ms)];
  console.log(
    `${name.padEnd(20)} ${(median(ms) / 1000).toFixed(2)} s [${(least / 1000).toFixed(2)}, ${(most / 1000).toFixed(2)}]`,
  );
}
