/**
 * Does host wait tell a busy host from a quota? The same work in an environment, on the host as it
 * is and with a burner on each core beside it: host wait should be about 0 and clearly not 0.
 *
 *   node benchmarks/host-wait.ts
 */
import { cpus, loadavg } from 'node:os';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { openBench } from '../src/emulator/functions/testing/open-bench.ts';

const SIZES_MB = [256, 1024, 1769];
const CALLS = 10;
const ROUNDS = 40_000_000;

const supervisor = createSupervisor();
console.log(`${cpus().length} cores, load average ${loadavg()[0]?.toFixed(2)}`);
console.log('memory  burners  CPU ms  throttled ms  host wait ms  host wait per s of CPU');
for (const burners of [0, cpus().length]) {
  const running = Array.from({ length: burners }, () =>
    supervisor.spawn(process.execPath, ['-e', 'while (true);'], { cwd: '/', env: {}, stdio: [] }),
  );
  const bench = await openBench();
  for (const memoryMb of SIZES_MB) {
    const name = `f${memoryMb}`;
    await bench.create(name, { memoryMb, timeoutS: 60 });
    await bench.answer(name, { action: 'spin', rounds: ROUNDS });
    bench.host.resetFacts();
    for (let i = 0; i < CALLS; i += 1) await bench.answer(name, { action: 'spin', rounds: ROUNDS });
    const { environmentCpuUs, throttledUs, hostWaitUs } = await bench.host.facts();
    const ms = (us: number, width: number): string => (us / 1000).toFixed(0).padStart(width);
    console.log(
      `${String(memoryMb).padStart(6)} ${String(burners).padStart(8)} ${ms(environmentCpuUs, 7)} ` +
        `${ms(throttledUs, 13)} ${ms(hostWaitUs, 13)} ` +
        `${(hostWaitUs / environmentCpuUs).toFixed(3).padStart(23)}`,
    );
    await bench.host.endEnvironments(name);
  }
  await bench.close();
  for (const burner of running) burner.signal('SIGKILL');
}
await supervisor.close();
