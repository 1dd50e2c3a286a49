/**
 * Finds or gets k6 and prints `PATH VERSION ORIGIN`. Used before tests and by the quick start, so
 * that building it does not look like a slow test.
 *   node scripts/get-k6.ts
 */
import { cacheFolder } from '../src/base/cache.ts';
import { isExpected } from '../src/base/errors.ts';
import { createSupervisor } from '../src/base/processes/supervisor.ts';
import { findK6 } from '../src/engines/k6/find-k6.ts';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort());
const supervisor = createSupervisor();
try {
  const k6 = await findK6({
    supervisor,
    env: process.env,
    cacheFolder: cacheFolder(process.env),
    progress: (text) => console.error(text),
    signal: interrupted.signal,
  });
  console.log(`${k6.path} ${k6.version} ${k6.origin}`);
} catch (error) {
  if (interrupted.signal.aborted) process.exitCode = 130;
  else if (isExpected(error)) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
} finally {
  await supervisor.close();
}
