/**
 * How many traces a second are collected from the emulator, as in `bench run`: the emulator's AWS
 * endpoint in the same process, AWS's own client, requests of the reference API (REST API, service,
 * function, two or three calls of DynamoDB).
 *
 *   node benchmarks/collect-local.ts [traces, 20000 unless told]
 *
 * Of the threads MainThread is the emulator, "x-ray collector" the collector; V8Worker collects garbage
 * and compiles, libuv-worker compresses and writes files.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createXRayCollector } from '../src/collectors/xray/index.ts';
import type { Backing } from '../src/emulator/protocols/backing.ts';
import { startAwsEndpoint } from '../src/emulator/protocols/endpoint.ts';
import { Telemetry } from '../src/emulator/telemetry/telemetry.ts';
import { recordReference, referenceTraceId } from '../src/emulator/testing/reference-requests.ts';
import { RAW_FILES } from '../src/model/raw.ts';
import { aProvisionedEndpoint } from '../src/model/testing/a-provisioned-endpoint.ts';
import { watchThreads } from './thread-cpu.ts';

const traces = Number(process.argv[2] ?? 20_000);
const PER_S = 1000;
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
const context = { region: 'us-east-1', accountId: '000000000000', style: 'old' } as const;
const folder = mkdtempSync(join(tmpdir(), 'bench-collect-'));
// Also where it is cut off, or its output is closed.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
const telemetry = await Telemetry.start(folder, context);
// Of what is behind the endpoint X-Ray asks for traces alone.
const backing = { ...context, traces: telemetry } as unknown as Backing;
const endpoint = await startAwsEndpoint(backing, CREDENTIALS, 0);
try {
  const startedUs = Date.now() * 1000;
  const traceIds: string[] = [];
  for (let i = 0; i < traces; i += 1) {
    const at = startedUs + Math.floor((i * 1e6) / PER_S);
    traceIds.push(referenceTraceId(at, i));
    recordReference(telemetry, at, i);
    if (i % 5000 === 0) await telemetry.settle();
  }
  await telemetry.settle();
  const before = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  const threads = watchThreads();
  const from = performance.now();
  const { collection, warnings } = await createXRayCollector().collect({
    endpoint: aProvisionedEndpoint({
      aws: { region: context.region, endpoint: endpoint.origin, credentials: CREDENTIALS },
    }),
    window: { startedUs, endedUs: startedUs },
    traceIds,
    expectedReports: traces,
    rawFolder: folder,
    deadlineMs: 600_000,
    signal: new AbortController().signal,
  });
  const tookS = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const cpuS = (user + system) / 1e6;
  console.log(`traces         ${collection.found} of ${traces}, ${collection.ended}`);
  console.log(`took           ${tookS.toFixed(1)} s, ${Math.round(traces / tookS)} traces/s`);
  console.log(
    `CPU            ${cpuS.toFixed(1)} s, ${((cpuS / traces) * 1e6).toFixed(0)} µs a trace`,
  );
  const byThread = [...threads.stop()].filter(([, us]) => us > traces).sort((a, b) => b[1] - a[1]);
  for (const [name, us] of byThread) {
    console.log(`  ${name.padEnd(17)}${(us / traces).toFixed(0)} µs`);
  }
  console.log(`peak RSS       ${peakMb.toFixed(0)} MB (${(before / 2 ** 20).toFixed(0)} before)`);
  for (const file of [RAW_FILES.traces, RAW_FILES.spanRows, RAW_FILES.traceRows]) {
    console.log(`${file.padEnd(15)}${(statSync(join(folder, file)).size / 1e6).toFixed(1)} MB`);
  }
  for (const { message } of warnings) console.log(`said           ${message}`);
  if (collection.found !== traces) process.exitCode = 1;
} finally {
  await endpoint.close();
  await telemetry.close();
}
