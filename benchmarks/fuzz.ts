/**
 * Does any input end or hang the emulator? Requests bent in every way to fronts, Runtime API and AWS's
 * protocols, each decided by the seed and its number:
 *
 *   node benchmarks/fuzz.ts [inputs, 100000] [seed, 1]
 */
import { fuzz } from '../test/fuzzing/fuzz.ts';

const inputs = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const startedMs = performance.now();
const result = await fuzz({ inputs, seed });
const seconds = (performance.now() - startedMs) / 1000;
console.log(`${result.inputs} inputs in ${seconds.toFixed(0)} s, seed ${seed}`);
for (const [surface, counts] of Object.entries(result.answers)) {
  const shown = Object.entries(counts).map(([status, n]) => `${status}: ${n}`);
  console.log(`${surface.padEnd(8)} ${shown.join('  ')}`);
}
console.log(`hung ${result.hung.count}, internal failures ${result.internalFailures.count}`);
console.log(
  `environments at most ${result.environmentsPeak}; RSS ${result.rssMb.before} → ${result.rssMb.after} MB`,
);
for (const { example } of [result.hung, result.internalFailures]) {
  if (example !== null) console.log(example);
}
console.log(result.crash === null ? 'no crash' : `CRASH: ${result.crash}`);
if (result.crash !== null || result.hung.count + result.internalFailures.count > 0) {
  process.exitCode = 1;
}
