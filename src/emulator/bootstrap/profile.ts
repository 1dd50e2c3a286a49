import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';

/**
 * Starts the runtime with V8's profiler on: an environment that is profiled begins here and not in
 * nodejs.ts, which knows nothing of it. What is told goes, a line of JSON each, to a descriptor the
 * host has opened: a path would have to be one that the unprivileged user may write to.
 */
const VARIABLE = '_BENCH_PROFILE';
const [descriptor = 0, initIntervalUs = 0, invocationIntervalUs = 0] = (process.env[VARIABLE] ?? '')
  .split(',')
  .map(Number);
delete process.env[VARIABLE];

const session = new Session();
session.connect();
let marks: [id: number, atUs: number][] = [];

const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n);

// Code that was marked says where its top level is: one function for all modules that are in it.
Object.defineProperty(globalThis, '__benchMark', {
  value: (id: number) => marks.push([id, monotonicUs()]),
});

function start(intervalUs: number): void {
  marks = [];
  session.post('Profiler.setSamplingInterval', { interval: intervalUs });
  session.post('Profiler.start');
}

/** The answer of a session of the same thread is there before `post` returns. */
function tell(kind: 'init' | 'invocations'): void {
  session.post('Profiler.stop', (error, answer) => {
    if (error !== null) return;
    const epochUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
    const clock = { epochUs, monotonicUs: monotonicUs() };
    write(`${JSON.stringify({ kind, clock, marks, profile: answer.profile })}\n`);
  });
}

function write(text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(descriptor, bytes));
}

session.post('Profiler.enable');
start(initIntervalUs);
// It is evaluated once the handler is loaded and the first invocation has been asked for. The name is
// that of the copy environments run.
await import(new URL('nodejs.mjs', import.meta.url).href);
tell('init');
if (invocationIntervalUs > 0) {
  process.on('exit', () => tell('invocations'));
  start(invocationIntervalUs);
}
