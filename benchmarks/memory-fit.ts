/**
 * Does a run find what memory does to a call whose CPU is known? A handler that burns 200 ms, back to
 * back: b of p50 and of the handler against the truth, which should be within 10%. One that burns 2 ms,
 * with pauses: it fits into the quota of every size, so there is no b. About 8 minutes; the machine
 * should do nothing else.
 *
 *   node benchmarks/memory-fit.ts [--rounds=5] [--only=200]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatShare, threeDigits } from '../src/base/numbers.ts';
import { type Analysis, analysisSchema } from '../src/model/analysis.ts';
import type { MemoryScaling } from '../src/model/memory-scaling.ts';

const root = join(import.meta.dirname, '..');
const burn = join(root, 'fixtures/handlers/burn');

/** A call of 2 ms right after another would share its period's quota: hence the pause. */
const LOADS = [
  { burnMs: 200, thinkTime: '0s', hold: '8s' },
  { burnMs: 2, thinkTime: '40ms', hold: '3s' },
];

function option(name: string): number | undefined {
  const given = process.argv.find((arg) => arg.startsWith(`--${name}=`));
  return given === undefined ? undefined : Number(given.slice(name.length + 3));
}

function measure({ burnMs, thinkTime, hold }: (typeof LOADS)[number], folder: string): Analysis {
  const variables = join(folder, 'variables.env');
  writeFileSync(variables, `BURN_MS=${burnMs}\n`);
  const results = join(folder, 'results');
  const flags = {
    handler: join(burn, 'burn.mjs'),
    operations: join(burn, 'operations'),
    variables: join(burn, 'variables'),
    'env-file': variables,
    front: 'function-url',
    memory: '512,1024,1769,2048,3008',
    rounds: String(option('rounds') ?? 5),
    scenario: 'closed',
    vus: '1',
    think: thinkTime,
    'warm-up': '1s',
    ramp: '0s',
    hold,
    results,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const { status } = spawnSync(process.execPath, ['src/cli/bench.js', 'run', '--yes', ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`bench run ended with ${status}`);
  const runId = readdirSync(results).find((name) => /^\d{8}-/.test(name)) as string;
  return analysisSchema.parse(
    JSON.parse(readFileSync(join(results, runId, 'analysis.json'), 'utf8')),
  );
}

function print(burnMs: number, { memoryScaling, cells }: Analysis): void {
  console.log(`\n${burnMs} ms of CPU a call`);
  const states = cells.map(
    ({ cell, validity }) => `${cell.endpoint.memoryMb} MB ${validity.state}`,
  );
  console.log(`  ${states.join(', ')}`);
  const [found] = memoryScaling;
  if (found === undefined) throw new Error('the analysis has no memory scaling');
  for (const { memoryMb, quotaMs, cpuPerCallMs } of found.sizes) {
    console.log(
      `  ${memoryMb} MB: ${number(cpuPerCallMs.value)} ms of CPU, quota ${number(quotaMs)} ms`,
    );
  }
  for (const name of ['p50', 'handler'] as const) printQuantity(burnMs, found, name);
  console.log(`  ${found.finding}`);
}

function printQuantity(burnMs: number, found: MemoryScaling, name: 'p50' | 'handler'): void {
  const scaled = found.quantities.find(({ quantity }) => quantity === name);
  if (scaled === undefined) {
    console.log(`  ${name}: fewer than two sizes count`);
    return;
  }
  const { kind, fit, points, finding } = scaled;
  const values = points.map(({ memoryMb, figure }) => `${memoryMb} MB ${number(figure.value)}`);
  console.log(`  ${name}: ${kind}; ${values.join(', ')} ms`);
  if (fit !== null) {
    const { value, low, high } = fit.bMs;
    const off = (value as number) / burnMs - 1;
    console.log(
      `    b ${number(value)} ms [${number(low)}, ${number(high)}], ${formatShare(off)} from the truth; a ${number(fit.aMs.value)} ms, s ${fit.s}, lack of fit ${formatShare(fit.lackOfFitShare)}`,
    );
  }
  console.log(`    ${finding}`);
}

const number = (value: number | null) => (value === null ? '–' : threeDigits(value));

const only = option('only');
for (const load of LOADS.filter(({ burnMs }) => only === undefined || burnMs === only)) {
  const folder = mkdtempSync(join(tmpdir(), 'memory-fit-'));
  try {
    print(load.burnMs, measure(load, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
