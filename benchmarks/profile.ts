/**
 * Whether `bench run --profile` names what a handler's load is known to take: packages that burn 100 ms
 * and 40 ms by the clock, and 20 ms of own code, bundled by bench, at each memory size.
 *
 *   node benchmarks/profile.ts [--memory 512,1024,1769] [--tolerance 15]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { profileResultSchema } from '../src/model/profile.ts';
import { type Burnt, writeBurningHandler } from '../src/pipeline/testing/burning-packages.ts';

const { values } = parseArgs({
  options: {
    memory: { type: 'string', default: '512,1024,1769' },
    tolerance: { type: 'string', default: '15' },
  },
});
const BURNT: Burnt[] = [
  { package: 'burns-100ms', ms: 100, type: 'commonjs' },
  { package: '@burners/forty', ms: 40, type: 'module' },
];
const OWN_MS = 20;
const bench = join(import.meta.dirname, '../src/cli/bench.js');
const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
try {
  const { handler, operations } = writeBurningHandler(folder, BURNT, OWN_MS);
  const load = ['--rate', '10', '--warm-up', '0s', '--ramp', '0s', '--hold', '2s'];
  const flags = ['--handler', handler, '--operations', operations, '--memory', values.memory];
  const ended = spawnSync(process.execPath, [bench, 'run', ...flags, ...load, '--profile'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (ended.status !== 0) throw new Error(ended.stderr);
  const [run = ''] = readdirSync(join(folder, 'results'));
  const text = readFileSync(join(folder, 'results', run, 'profiles/profiles.json'), 'utf8');
  const { inits } = profileResultSchema.parse(JSON.parse(text));
  const expected = [
    ...BURNT.map(({ package: name, ms }) => ({ name, ms })),
    { name: 'own code', ms: OWN_MS },
  ];
  console.log('memory  package             burnt  told     least–most      off');
  let worst = 0;
  for (const { memoryMb, families, plain, profiled } of inits) {
    for (const { name, ms } of expected) {
      const found = families.flatMap(({ packages }) => packages).find((one) => one.name === name);
      const told = found?.self ?? { medianMs: 0, minMs: 0, maxMs: 0 };
      const off = 100 * (told.medianMs / ms - 1);
      worst = Math.max(worst, Math.abs(off));
      console.log(
        `${String(memoryMb).padEnd(7)} ${name.padEnd(18)} ${String(ms).padStart(6)} ${told.medianMs.toFixed(1).padStart(6)}  ${`${told.minMs.toFixed(1)}–${told.maxMs.toFixed(1)}`.padEnd(14)} ${off.toFixed(1).padStart(5)}%`,
      );
    }
    const cost = 100 * (profiled.medianMs / plain.medianMs - 1);
    console.log(
      `${String(memoryMb).padEnd(7)} init ${plain.medianMs.toFixed(0)} ms, with the profiler ${profiled.medianMs.toFixed(0)} ms (${cost.toFixed(1)}%)`,
    );
  }
  const named = inits.every(({ families }) => families[0]?.name === 'burns-100ms');
  console.log(`most is burns-100ms: ${named}; furthest off ${worst.toFixed(1)}%`);
  if (!named || worst > Number(values.tolerance)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
