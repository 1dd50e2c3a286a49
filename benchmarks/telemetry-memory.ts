/**
 * What a million invocations of the reference API leave in the memory of the emulator's process, and on
 * disk:
 *
 *   node --expose-gc benchmarks/telemetry-memory.ts [invocations, 2000000 unless told] [a second, 2000]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Telemetry } from '../src/emulator/telemetry/telemetry.ts';
import { recordReference } from '../src/emulator/testing/reference-requests.ts';

const [invocations = 2_000_000, perS = 2000] = process.argv.slice(2).map(Number);
const AT_A_TIME = 2000;
const PARTS = 8;

const folder = mkdtempSync(join(tmpdir(), 'bench-telemetry-'));
const telemetry = await Telemetry.start(folder, {
  region: 'us-east-1',
  accountId: '000000000000',
  style: 'old',
});
const startedUs = Date.now() * 1000;
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0).padStart(6);

function used(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

try {
  const seen: number[] = [];
  console.log('invocations    RSS MB   journal MB');
  for (let i = 0; i <= invocations; i += 1) {
    // The first part fills what is bounded.
    if (i % Math.floor(invocations / PARTS) === 0) {
      await telemetry.settle();
      seen.push(used());
      const { size } = statSync(join(folder, 'telemetry.records'));
      console.log(`${String(i).padStart(11)}    ${megabytes(used())}   ${megabytes(size)}`);
    }
    if (i === invocations) break;
    recordReference(telemetry, startedUs + Math.floor((i * 1e6) / perS), i);
    if (i % AT_A_TIME === AT_A_TIME - 1) await telemetry.settle();
  }
  const half = seen.length >> 1;
  const grown = (seen[seen.length - 1] as number) - (seen[half] as number);
  const millions = (invocations * (seen.length - 1 - half)) / (seen.length - 1) / 1e6;
  console.log(`RSS a million invocations, over the second half: ${megabytes(grown / millions)} MB`);
} finally {
  await telemetry.close();
  rmSync(folder, { recursive: true });
}
