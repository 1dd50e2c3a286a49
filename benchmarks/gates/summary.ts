import { mean, median, sampleStandardDeviation } from 'simple-statistics';
import { threeDigits } from '../../src/base/numbers.ts';
import { VERDICTS } from '../../src/model/gate.ts';
import { failingShare, type Pair, THRESHOLDS, thresholdRules } from './fixed-threshold.ts';
import { percent, table } from './table.ts';
import { KINDS, type Told, voidPairs } from './told.ts';

/** What real gates said, and what a fixed threshold would have said of the same samples. */
export function summary(gates: readonly Told[]): string {
  return [
    verdicts(gates),
    'By metric: verdicts of rows; medians over gates of the geometric means over pairs, and of s_d.',
    metrics(gates),
    'The same samples, two numbers and a fixed threshold: share that fails (of `same`: false alarms; what is left of 100% of `slow`: misses).',
    thresholds(gates),
  ].join('\n\n');
}

function verdicts(gates: readonly Told[]): string {
  const head = ['head', 'gates', ...VERDICTS.map((verdict) => verdict.toUpperCase())];
  const times = ['pairs, median', 'range', 'to verdict, median', 'longest', 'void pairs'];
  return table(
    [...head, ...times],
    kindsOf(gates).map(([kind, own]) => {
      const pairs = own.map((one) => one.pairs);
      const took = own.map(({ tookS }) => tookS);
      const voided = own.map(voidPairs);
      return [
        kind,
        String(own.length),
        ...VERDICTS.map((verdict) => String(own.filter((one) => one.verdict === verdict).length)),
        String(median(pairs)),
        `${Math.min(...pairs)}–${Math.max(...pairs)}`,
        `${median(took).toFixed(0)} s`,
        `${Math.max(...took).toFixed(0)} s`,
        `${sum(voided)} of ${sum(pairs)}`,
      ];
    }),
  );
}

function metrics(gates: readonly Told[]): string {
  return table(
    ['head', 'metric', 'base', 'head', 'head ÷ base', 's_d', 'rows: pass, fail, inconclusive'],
    kindsOf(gates).flatMap(([kind, own]) =>
      (['p50', 'init'] as const).map((metric) => {
        const rows = own.flatMap(({ rows }) => rows.filter((row) => row.metric === metric));
        const pairs = rows
          .map(({ values }) => logsOf(values))
          .filter(({ base }) => base.length > 1);
        const middle = (of: (one: ReturnType<typeof logsOf>) => number) =>
          pairs.length === 0 ? Number.NaN : median(pairs.map(of));
        return [
          kind,
          metric,
          `${threeDigits(middle(({ base }) => Math.exp(mean(base))))} ms`,
          `${threeDigits(middle(({ head }) => Math.exp(mean(head))))} ms`,
          threeDigits(middle(({ ratio }) => Math.exp(mean(ratio)))),
          percent(middle(({ ratio }) => sampleStandardDeviation(ratio))),
          VERDICTS.map((one) => rows.filter(({ verdict }) => verdict === one).length).join(', '),
        ];
      }),
    ),
  );
}

function thresholds(gates: readonly Told[]): string {
  const kinds = kindsOf(gates);
  const figures = [
    {
      name: 'mean latency',
      of: (one: Told) =>
        one.means.map(({ baseMs, headMs }): Pair => ({ base: baseMs, head: headMs })),
    },
    {
      name: 'p50',
      of: ({ rows }: Told) =>
        (rows.find(({ metric }) => metric === 'p50')?.values ?? []).flatMap(([, base, head]) =>
          base === null ? [] : [{ base, head }],
        ),
    },
  ];
  return table(
    ['compared', 'threshold', ...kinds.map(([kind]) => kind)],
    figures.flatMap(({ name, of }) => {
      const byKind = kinds.map(([, own]) => thresholdRules(own.map(of)));
      return (byKind[0] ?? []).flatMap((first, rule) =>
        THRESHOLDS.map((threshold) => [
          `${name}, ${first.name}`,
          percent(threshold, 0),
          ...byKind.map((rules) => {
            const at = rules[rule] ?? first;
            return `${percent(failingShare(at, threshold))} of ${at.ratios.length}`;
          }),
        ]),
      );
    }),
  );
}

function kindsOf(gates: readonly Told[]) {
  return KINDS.map((kind) => [kind, gates.filter((one) => one.kind === kind)] as const).filter(
    ([, own]) => own.length > 0,
  );
}

function logsOf(values: Told['rows'][number]['values']) {
  const logs = { base: [] as number[], head: [] as number[], ratio: [] as number[] };
  for (const [, base, head] of values) {
    if (base === null) continue;
    logs.base.push(Math.log(base));
    logs.head.push(Math.log(head));
    logs.ratio.push(Math.log(head / base));
  }
  return logs;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
