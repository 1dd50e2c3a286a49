/**
 * How often does a gate err, and how often does a fixed threshold on the same samples? Simulated gates
 * whose truth is known: trials of a machine that drifts, with shifts of their own and requests that are
 * like their neighbours (src/gate/testing/simulated-gate.ts). p50 and init are gated, the error rate, of
 * which nothing happens, is a guard as usual; all looks count.
 *
 *   node benchmarks/gate-simulation.ts [--gates 2000] [--seed 1] [--requests 400] [--correlation 0.9]
 *     [--sigma 0.5] [--shift 0.03] [--drift 0.1] [--init-sigma 0.04]
 *
 * 4 s at 400 requests a trial, 60 s at 10,000.
 */
import { parseArgs } from 'node:util';
import { mean, median, sampleStandardDeviation } from 'simple-statistics';
import { judgeSeries, USUAL_PLAN } from '../src/gate/testing/judged-series.ts';
import { HARSH, type SimulatedRound, simulatedRounds } from '../src/gate/testing/simulated-gate.ts';
import { VERDICTS } from '../src/model/gate.ts';
import { failingShare, type Pair, THRESHOLDS, thresholdRules } from './gates/fixed-threshold.ts';
import { percent, table } from './gates/table.ts';

const number = (name: string, value: string) => {
  const read = Number(value);
  if (value === '' || !Number.isFinite(read)) throw new Error(`--${name}: "${value}" is no number`);
  return read;
};
const text = (value: number) => ({ type: 'string', default: String(value) }) as const;
const { values } = parseArgs({
  options: {
    gates: text(2000),
    seed: text(1),
    requests: text(HARSH.requests),
    correlation: text(HARSH.correlation),
    sigma: text(HARSH.sigma),
    shift: text(HARSH.shift),
    drift: text(HARSH.drift),
    'init-sigma': text(HARSH.initSigma),
  },
});
const option = (name: keyof typeof values) => number(name, values[name]);

const { tolerance, maxPairs } = USUAL_PLAN;
/** Change of head's latency and of its init; null: p50 is all that is gated, without a guard. */
const TRUTHS = [
  { name: 'p50 alone, at the tolerance', latency: tolerance, init: null },
  { name: 'p50 alone, at twice the tolerance', latency: 2 * tolerance, init: null },
  { name: 'nothing', latency: 0, init: 0 },
  { name: 'p50 at the tolerance', latency: tolerance, init: 0 },
  { name: 'p50 and init at the tolerance', latency: tolerance, init: tolerance },
  { name: 'p50 at twice the tolerance', latency: 2 * tolerance, init: 0 },
  { name: 'p50 and init at twice the tolerance', latency: 2 * tolerance, init: 2 * tolerance },
  { name: 'p50 +15%', latency: 0.15, init: 0 },
  { name: 'init +50%', latency: 0, init: 0.5 },
];

const draw = simulatedRounds(
  {
    ...HARSH,
    requests: option('requests'),
    correlation: option('correlation'),
    sigma: option('sigma'),
    shift: option('shift'),
    drift: option('drift'),
    initSigma: option('init-sigma'),
  },
  option('seed'),
);
const gates = Array.from({ length: option('gates') }, () => Array.from({ length: maxPairs }, draw));

/** ln(head ÷ base) of a figure by round, where head changed by a share. */
function series(rounds: readonly SimulatedRound[], figure: 'p50' | 'init', change: number) {
  return rounds.map(([base, head]) => head[figure] - base[figure] + Math.log(1 + change));
}

const deviations = (['p50', 'init'] as const).map((figure) => {
  const shares = gates.map((rounds) => sampleStandardDeviation(series(rounds, figure, 0)));
  return `${figure} ${percent(median(shares))}`;
});
console.log(
  `${gates.length} gates of up to ${maxPairs} pairs, tolerance ${percent(tolerance, 0)}; s_d over pairs, median: ${deviations.join(', ')}\n`,
);

console.log(
  table(
    ['true change', ...VERDICTS.map((verdict) => verdict.toUpperCase()), 'pairs, mean', 'median'],
    TRUTHS.map(({ name, latency, init }) => {
      const judged = gates.map((rounds) => {
        const rows = [series(rounds, 'p50', latency)];
        if (init !== null) rows.push(series(rounds, 'init', init));
        return judgeSeries(rows, { ...USUAL_PLAN, guards: init === null ? 0 : USUAL_PLAN.guards });
      });
      const shares = VERDICTS.map((one) =>
        percent(judged.filter(({ verdict }) => verdict === one).length / judged.length),
      );
      const pairs = judged.map((one) => one.pairs);
      return [name, ...shares, mean(pairs).toFixed(1), String(median(pairs))];
    }),
  ),
);

const LATENCIES = [0, tolerance, 2 * tolerance, 0.15];
console.log('\nThe same samples, two numbers and a fixed threshold: share that fails\n');
console.log(
  table(
    ['compared', 'threshold', ...LATENCIES.map((change) => `p50 +${percent(change, 0)}`)],
    (['mean', 'p50'] as const).flatMap((figure) => {
      const rulesAt = LATENCIES.map((change) =>
        thresholdRules(
          gates.map((rounds) =>
            rounds.map(
              ([base, head]): Pair => ({
                base: Math.exp(base[figure]),
                head: Math.exp(head[figure]) * (1 + change),
              }),
            ),
          ),
        ),
      );
      return (rulesAt[0] ?? []).flatMap(({ name }, rule) =>
        THRESHOLDS.map((threshold) => [
          `${figure === 'mean' ? 'mean latency' : figure}, ${name}`,
          percent(threshold, 0),
          ...rulesAt.map((rules) => {
            const at = rules[rule];
            return at === undefined ? '–' : percent(failingShare(at, threshold));
          }),
        ]),
      );
    }),
  ),
);
