/**
 * What do real gates say of handlers whose difference is known? `bench gate` with its usual settings,
 * gate after gate: base burns 10 ms of CPU a request at 1769 MB; head is the same, burns 11.5 ms, or
 * burns 60 ms more at load. Beside it, what two numbers and a fixed threshold say of the same samples.
 *
 *   node benchmarks/gate-real.ts [--kinds same,slow,init] [--gates 20] [--out gates.jsonl]
 *     [--max-minutes N] [-- FLAGS OF BENCH GATE]
 *   node benchmarks/gate-real.ts --summary gates.jsonl
 *
 * The kinds take turns, so that what the machine does in an hour meets all of them. Each gate is a line
 * of the file as it ends; started again with the same file it goes on. A gate takes minutes: none begins
 * that would end after --max-minutes, were it as long as the longest, and one that runs then is ended
 * and not counted. The machine should do nothing else.
 */
import { parseArgs } from 'node:util';
import { roundsPerMs } from './gates/calibrate.ts';
import { realGate } from './gates/real-gate.ts';
import { summary } from './gates/summary.ts';
import { KINDS, keepTold, readTold, type Told, voidPairs } from './gates/told.ts';

const { values, positionals: flags } = parseArgs({
  allowPositionals: true,
  options: {
    kinds: { type: 'string', default: KINDS.join(',') },
    gates: { type: 'string', default: '20' },
    out: { type: 'string', default: 'gates.jsonl' },
    'max-minutes': { type: 'string', default: '600' },
    summary: { type: 'string' },
  },
});
const kinds = values.kinds.split(',').map((name) => {
  const kind = KINDS.find((one) => one === name);
  if (kind === undefined) throw new Error(`--kinds: "${name}" is none of ${KINDS.join(', ')}`);
  return kind;
});
const [most, mostMinutes] = [Number(values.gates), Number(values['max-minutes'])];
if (!(most > 0)) throw new Error(`--gates: "${values.gates}" is no number above 0`);
if (!(mostMinutes > 0)) {
  throw new Error(`--max-minutes: "${values['max-minutes']}" is no number above 0`);
}

if (values.summary === undefined) await measure(values.out);
const told = readTold(values.summary ?? values.out);
console.log(told.length === 0 ? 'no gate ended' : summary(told));

async function measure(file: string): Promise<void> {
  const before = readTold(file);
  // All gates of a file do the same work.
  const rounds = before[0]?.roundsPerMs ?? (await roundsPerMs());
  const endsMs = performance.now() + mostMinutes * 60_000;
  const leftMs = () => endsMs - performance.now();
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, leftMs());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  let longestMs = Math.max(0, ...before.map(({ commandS }) => commandS * 1000));
  try {
    for (const { kind, seed } of missing(before)) {
      if (ending.signal.aborted || leftMs() < longestMs) break;
      const beganMs = performance.now();
      const one = await realGate({
        ...{ kind, seed, flags },
        ...{ roundsPerMs: rounds, signal: ending.signal },
      });
      keepTold(file, one);
      longestMs = Math.max(longestMs, performance.now() - beganMs);
      console.log(`${kind} ${seed}: ${line(one)}`);
    }
  } catch (error) {
    // Ended with the time or by the user: what was measured is told.
    if (!ending.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The gates that the file lacks, in turns of the kinds; no two have the same seed. */
function missing(before: readonly Told[]) {
  return Array.from({ length: most }, (_, gate) =>
    kinds.map((kind) => ({ kind, gate, seed: 1 + gate * KINDS.length + KINDS.indexOf(kind) })),
  )
    .flat()
    .filter(({ kind, seed }) => !before.some((one) => one.kind === kind && one.seed === seed));
}

function line(told: Told): string {
  const { verdict, pairs, tookS, rows, causes } = told;
  const reasons = rows
    .filter(({ metric }) => metric === 'p50' || metric === 'init')
    .map(({ metric, verdict, reason }) => `${metric} ${verdict}: ${reason}`);
  const voided = told.void.length === 0 ? '' : `, ${voidPairs(told)} void`;
  return [
    `${verdict.toUpperCase()} after ${pairs} pairs${voided}, ${tookS.toFixed(0)} s`,
    ...reasons,
    ...causes,
  ].join('; ');
}
