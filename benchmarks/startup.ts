/**
 * How long `bench --help` takes beside `node -e 0`, each 20 times in turn after two unmeasured ones.
 *
 *   node benchmarks/startup.ts
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from 'simple-statistics';

const REPETITIONS = 20;
const bench = join(import.meta.dirname, '../src/cli/bench.js');

function timeMs(args: string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  return performance.now() - started;
}

const floorMs: number[] = [];
const helpMs: number[] = [];
for (let i = -2; i < REPETITIONS; i += 1) {
  const floor = timeMs(['-e', '0']);
  const help = timeMs([bench, '--help']);
  if (i < 0) continue;
  floorMs.push(floor);
  helpMs.push(help);
}
const [floor, help] = [median(floorMs), median(helpMs)];
console.log(`node -e 0     ${floor.toFixed(1)} ms`);
console.log(`bench --help  ${help.toFixed(1)} ms, ratio ${(help / floor).toFixed(2)}`);
