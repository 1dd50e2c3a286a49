/**
 * Every fault of the life cycle, many times in random order: is the answer right each time, and is
 * anything left when the hosts are closed? Faults and what must come of them are those of the tests
 * (src/emulator/functions/testing/faults.ts), over our own runtime of Node.js and AWS's runtime clients
 * of Go and Python, where these are installed.
 *
 *   node benchmarks/life-cycle.ts [--times 100] [--seed 1] [--languages nodejs,go,python] [--workers 4]
 *
 * 100 times takes about 5 minutes per language on 2 idle cores. Exit code 1 where anything is wrong or left.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/base/package-root.ts';
import { seededRandom, shuffled } from '../src/base/random.ts';
import {
  checkFault,
  createFunctions,
  type Handlers,
} from '../src/emulator/functions/testing/check-fault.ts';
import {
  FAULTS,
  type Fault,
  faultsOf,
  type Language,
  SLOW_INITS,
} from '../src/emulator/functions/testing/faults.ts';
import { type Bench, openBench } from '../src/emulator/functions/testing/open-bench.ts';
import { buildGo, hasGo } from '../src/emulator/testing/build-go.ts';
import { copyPythonHandlers, pythonClient } from '../test/python-client.ts';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    languages: { type: 'string', default: 'nodejs,go,python' },
    workers: { type: 'string', default: '4' },
  },
});
const [times, seed, workers] = (['times', 'seed', 'workers'] as const).map((name) => {
  const read = Number(values[name]);
  if (!Number.isInteger(read) || read < 1)
    throw new Error(`--${name}: "${values[name]}" is no count`);
  return read;
}) as [number, number, number];

const folder = mkdtempSync(join(tmpdir(), 'bench-life-cycle-'));
// Environments, whose user has no rights, have to get through.
const temporary = join(folder, 'temporary');
mkdirSync(temporary);
for (const path of [folder, temporary]) chmodSync(path, 0o711);

function handlersOf(language: Language): Handlers | null {
  const executable = (codeFolder: string): Handlers['spec'] => ({
    runtime: 'provided.al2023',
    codeFolder,
    handler: { file: 'bootstrap', exportName: '' },
  });
  switch (language) {
    case 'nodejs': {
      const codeFolder = join(packageRoot(), 'fixtures/handlers/life-cycle/nodejs');
      const handler = { file: 'index.mjs', exportName: 'handler' };
      return { language, spec: { runtime: 'nodejs24.x', codeFolder, handler }, environment: {} };
    }
    case 'go': {
      if (!hasGo) return null;
      const code = join(folder, 'go');
      buildGo('go-echo', join(code, 'bootstrap'));
      return { language, spec: executable(code), environment: {} };
    }
    case 'python': {
      const client = pythonClient();
      if (client === null) return null;
      const code = join(folder, 'python');
      mkdirSync(code);
      copyPythonHandlers(code, client);
      const environment = { PYTHON: client.interpreter };
      return { language, spec: executable(code), environment };
    }
  }
}

/** Processes of environments, and folders of control groups, that this process made and that are there. */
function left(): { processes: number; groups: number; files: number; descriptors: number } {
  const processes = readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id) || Number(id) === process.pid) return false;
    try {
      return readFileSync(`/proc/${id}/environ`, 'latin1').includes(`TMPDIR=${temporary}`);
    } catch {
      return false;
    }
  }).length;
  const groups = (at: string, depth: number): number => {
    let count = 0;
    for (const entry of entriesOf(at)) {
      if (entry.startsWith(`bench-${process.pid}-`)) count += 1;
      else if (depth > 0) count += groups(join(at, entry), depth - 1);
    }
    return count;
  };
  return {
    processes,
    groups: groups('/sys/fs/cgroup', 4),
    files: readdirSync(temporary).length,
    descriptors: readdirSync('/proc/self/fd').length,
  };
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

interface Task {
  fault: Fault;
  slow: boolean;
}

async function run(handlers: Handlers): Promise<boolean> {
  const { language } = handlers;
  const random = seededRandom(seed);
  const probe = await openBench();
  const limited = (await probe.host.facts()).cpuMode === 'quota';
  await probe.close();
  const before = left();
  const [quick, slow] = [FAULTS, SLOW_INITS].map((list) => faultsOf(language, list, limited)) as [
    Fault[],
    Fault[],
  ];
  const all = [
    ...quick.map((fault): Task => ({ fault, slow: false })),
    ...slow.map((fault): Task => ({ fault, slow: true })),
  ];
  const tasks = shuffled(Array.from({ length: times }, () => all).flat(), random);
  const counts = new Map(all.map(({ fault }) => [fault.name, { right: 0, wrong: 0 }]));
  const examples: string[] = [];
  const startedMs = performance.now();
  let started = 0;
  const work = async (): Promise<void> => {
    const benches: Bench[] = [await openBench(), await openBench({ initTimeoutMs: 300 })];
    await Promise.all(
      [quick, slow].map((list, i) => createFunctions(benches[i] as Bench, handlers, list)),
    );
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      const bench = benches[task.slow ? 1 : 0] as Bench;
      const wrong = await checkFault(bench, language, task.fault);
      const count = counts.get(task.fault.name) as { right: number; wrong: number };
      count[wrong.length === 0 ? 'right' : 'wrong'] += 1;
      if (wrong.length > 0) examples.push(`${task.fault.name}: ${wrong.join('; ')}`);
      bench.records.length = 0;
      bench.logs.length = 0;
    }
    for (const bench of benches) {
      started += (await bench.host.facts()).environmentsStarted;
      await bench.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const tookS = (performance.now() - startedMs) / 1000;
  const after = left();
  const widest = Math.max(...[...counts.keys()].map((name) => name.length));
  console.log(
    `\n${language}: ${all.length} faults × ${times}, seed ${seed}, ${tookS.toFixed(0)} s`,
  );
  for (const [name, { right, wrong }] of counts) {
    console.log(`  ${name.padEnd(widest)}  right ${right}  wrong ${wrong}`);
  }
  for (const example of examples.slice(0, 10)) console.log(`  ! ${example}`);
  const wrong = [...counts.values()].reduce((sum, count) => sum + count.wrong, 0);
  const descriptors = after.descriptors - before.descriptors;
  console.log(
    `  ${started} environments started; left: ${after.processes} processes, ${after.groups} control groups, ${after.files} files, ${descriptors} descriptors`,
  );
  return wrong + after.processes + after.groups + after.files === 0 && descriptors <= 0;
}

let fine = true;
try {
  const found = values.languages.split(',').map((language) => handlersOf(language as Language));
  // From here on: what a host makes lies there, and is seen where it stays.
  process.env.TMPDIR = temporary;
  for (const handlers of found) {
    if (handlers === null) console.log('a language is not installed: not tried');
    else fine = (await run(handlers)) && fine;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = fine ? 0 : 1;
