/**
 * 100,000 requests' traces from a server that allows 200 calls a second (a token bucket of one second)
 * and throttles above, as fast as that allows and no faster. AWS publishes no limit of BatchGetTraces:
 * 200 is an assumption, and the collector is not told. The server runs in a process of its own.
 *
 *   node benchmarks/collect-traces.ts [traces] [calls a second] [stable reads]
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLines } from '../src/collectors/shared/read-lines.ts';
import { startXRayServer } from '../src/collectors/testing/xray-server.ts';
import { createXRayCollector } from '../src/collectors/xray/index.ts';
import { RAW_FILES } from '../src/model/raw.ts';
import { aProvisionedEndpoint } from '../src/model/testing/a-provisioned-endpoint.ts';

const [traces = 100_000, perS = 200, stableReads = 2] = process.argv.slice(2).map(Number);

if (process.send !== undefined) {
  const server = await startXRayServer({
    limit: { perS, burst: perS },
    latencyMs: 30,
    unprocessedEvery: 50,
    // A tenth comes later than it is first asked for.
    thereFrom: (id) => (Number.parseInt(id.slice(-6), 16) % 10 === 0 ? 2 : 1),
  });
  process.send(server.origin);
  process.on('message', () => {
    const { accepted, throttled, firstAt, lastAt } = server;
    process.send?.({ accepted, throttled, seconds: (lastAt - firstAt) / 1000 });
    void server.close().then(() => process.disconnect());
  });
} else {
  await measure();
}

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, process.argv.slice(2));
  const said = () => new Promise<unknown>((resolve) => child.once('message', resolve));
  const origin = (await said()) as string;
  const rawFolder = await mkdtemp(join(tmpdir(), 'bench-collect-'));
  const second = Math.floor(Date.now() / 1000).toString(16);
  const traceIds = Array.from(
    { length: traces },
    (_, i) => `1-${second}-${i.toString(16).padStart(24, '0')}`,
  );
  let rssMb = 0;
  const watch = setInterval(() => {
    rssMb = Math.max(rssMb, process.memoryUsage.rss() / 2 ** 20);
  }, 200);
  const before = process.memoryUsage.rss() / 2 ** 20;
  const collector = createXRayCollector({
    stableReads,
    parallelism: 48,
    pollMs: 5000,
    startPerS: 20,
  });
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const { collection, warnings } = await collector.collect({
    endpoint: aProvisionedEndpoint({
      aws: {
        region: 'us-east-1',
        endpoint: origin,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      },
    }),
    window: { startedUs: Date.now() * 1000, endedUs: Date.now() * 1000 },
    traceIds,
    expectedReports: traces,
    rawFolder,
    deadlineMs: 3_600_000,
    signal: new AbortController().signal,
  });
  const tookS = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  const facts = said();
  child.send('end');
  const { accepted, throttled, seconds } = (await facts) as Record<string, number>;
  const ids = new Map<string, number>();
  for await (const lines of readLines(join(rawFolder, RAW_FILES.traces))) {
    for (const line of lines) {
      const id = JSON.parse(line).Id;
      ids.set(id, (ids.get(id) ?? 0) + 1);
    }
  }
  const twice = [...ids.values()].filter((n) => n > 1).length;
  const lost = traceIds.filter((id) => !ids.has(id)).length;
  const { size } = await stat(join(rawFolder, RAW_FILES.traces));
  const share = (accepted as number) / ((seconds as number) * perS);
  console.log(`traces          ${traces}, each read until ${stableReads} reads agree`);
  console.log(`took            ${tookS.toFixed(1)} s; ended ${collection.ended}`);
  console.log(
    `calls           ${accepted} accepted, ${((accepted as number) / (seconds as number)).toFixed(1)} a second`,
  );
  console.log(`share of limit  ${(share * 100).toFixed(1)}% of ${perS} a second`);
  console.log(`throttles       ${throttled}`);
  console.log(`lost, twice     ${lost}, ${twice}`);
  console.log(`peak RSS        ${rssMb.toFixed(0)} MB (${before.toFixed(0)} MB before)`);
  console.log(`CPU             ${((user + system) / 1e6).toFixed(1)} s`);
  console.log(`file            ${(size / 2 ** 20).toFixed(1)} MB`);
  for (const { message } of warnings) console.log(`said            ${message}`);
  await rm(rawFolder, { recursive: true });
  if (lost > 0 || twice > 0 || share < 0.8) process.exitCode = 1;
}
