import type { GateResult, GateRow } from '../../model/gate.ts';
import { GATE_CELL, sampleCause } from './sample-gate-cause.ts';
import { absentRow, sampleRow } from './sample-gate-row.ts';

/** Made-up results of gates: every verdict and mode that a report has to be able to show. */

/** A gate that passed, or what of it is told. */
export function sampleGate(own: Partial<GateResult> = {}): GateResult {
  return {
    version: 1,
    runId: '20261121-064200-7f3a',
    createdAt: '2026-11-21T06:42:00.000Z',
    tool: '0.1.0',
    mode: 'paired',
    verdict: 'pass',
    advisory: false,
    base: { label: 'origin/main', commit: '3f2c1a9d5b7e0c4f8a6b2d1e9c3f7a5b0d8e6c42', note: null },
    head: { label: 'working tree', commit: null, note: '3 files differ from 3f2c1a9' },
    alpha: 0.05,
    rounds: { run: 7, most: 30, looks: [5, 6, 7], ended: 'decided', void: [] },
    tookS: 192.4,
    rows: passingRows(),
    causes: [],
    bundles: [{ key: 'dynamo-apollo', baseBytes: 812_344, headBytes: 812_410, same: false }],
    notes: [],
    ...own,
  };
}

const within = (upper: string) => `at most ${upper} slower`;

function passingRows(): GateRow[] {
  return [
    sampleRow({ metric: 'p50', base: 10.02, head: 10.05, verdict: 'pass', reason: within('1.9%') }),
    sampleRow({ metric: 'init', base: 412, head: 409, verdict: 'pass', reason: within('2.6%') }),
    guard(0, 0),
  ];
}

function guard(base: number, head: number, verdict: GateRow['verdict'] = 'pass'): GateRow {
  const reason =
    verdict === 'fail'
      ? 'at least 1.88 percentage points more failures; 0.5 are tolerated'
      : 'at most 0.01 percentage points more failures';
  return sampleRow({ metric: 'errorRate', base, head, verdict, reason, guard: true });
}

export const passedGate = (): GateResult => sampleGate();

/** p50 is slower in the handler; one round of one side does not count. */
export function slowerGate(): GateResult {
  return sampleGate({
    verdict: 'fail',
    rows: [
      sampleRow({
        metric: 'p50',
        base: 10.02,
        head: 11.56,
        verdict: 'fail',
        reason: 'at least 12.1% slower; 5% are tolerated',
      }),
      sampleRow({ metric: 'init', base: 412, head: 409, verdict: 'pass', reason: within('2.6%') }),
      guard(0, 0),
    ],
    causes: [sampleCause()],
    rounds: {
      run: 8,
      most: 30,
      looks: [5, 6, 8],
      ended: 'decided',
      void: [
        {
          cellId: GATE_CELL,
          round: 3,
          side: 'base',
          reason: 'CPU of the generator ÷ all cores: 93%',
        },
      ],
    },
    notes: ['The working tree has changes that are not committed: they were measured.'],
  });
}

/** As many pairs as were allowed, and p99 is still not known. */
export function undecidedGate(): GateResult {
  return sampleGate({
    verdict: 'inconclusive',
    rows: [
      sampleRow({
        metric: 'p50',
        base: 10.02,
        head: 10.11,
        pairs: 30,
        verdict: 'pass',
        reason: within('2.2%'),
      }),
      sampleRow({
        metric: 'p99',
        base: 31.2,
        head: 32.6,
        pairs: 30,
        spread: 0.09,
        verdict: 'inconclusive',
        reason: 'between 1.1% and 7.9% slower after 30 pairs; about 24 more would decide',
        morePairs: 24,
      }),
      guard(0.001, 0.0012),
    ],
    rounds: {
      run: 30,
      most: 30,
      looks: [5, 6, 8, 10, 12, 15, 18, 22, 27, 30],
      ended: 'max_pairs',
      void: [],
    },
    tookS: 844,
  });
}

/** 60 ms more of initialisation. */
export function slowInitGate(): GateResult {
  return sampleGate({
    verdict: 'fail',
    rows: [
      sampleRow({
        metric: 'p50',
        base: 10.02,
        head: 10.04,
        verdict: 'inconclusive',
        reason: 'between 1.9% faster and 5.4% slower after 7 pairs; about 3 more would decide',
        spread: 0.05,
        morePairs: 3,
      }),
      sampleRow({
        metric: 'init',
        base: 412,
        head: 473,
        verdict: 'fail',
        reason: 'at least 12.9% slower; 5% are tolerated',
      }),
      guard(0, 0),
    ],
    causes: [
      sampleCause({
        metric: 'init',
        sentence: 'init grew by 61 ms, 59 ms [56, 62] of it in loading the code.',
        parts: [
          {
            part: 'load',
            baseMs: 301,
            headMs: 360,
            growthMs: 59,
            lowMs: 56,
            highMs: 62,
            shown: true,
          },
          {
            part: 'start',
            baseMs: 111,
            headMs: 113,
            growthMs: 2,
            lowMs: -1,
            highMs: 5,
            shown: false,
          },
        ],
        traces: { base: null, head: null },
      }),
    ],
  });
}

/** Faster, because requests fail. */
export function failingRequestsGate(): GateResult {
  return sampleGate({
    verdict: 'fail',
    rows: [
      sampleRow({
        metric: 'p50',
        base: 10.02,
        head: 8.3,
        verdict: 'pass',
        reason: 'at least 14.0% faster',
      }),
      guard(0, 0.021, 'fail'),
    ],
  });
}

/** Against figures of an earlier run. */
export function baselineGate(): GateResult {
  const { rows, causes } = slowerGate();
  return sampleGate({
    mode: 'baseline',
    verdict: 'fail',
    advisory: true,
    base: {
      label: 'bench-baseline.json',
      commit: '3f2c1a9d5b7e0c4f8a6b2d1e9c3f7a5b0d8e6c42',
      note: 'of 2026-11-14',
    },
    rows,
    causes: causes.map((one) => ({ ...one, traces: { ...one.traces, base: null } })),
    notes: ['The baseline is of another run: what the machine did then is not known.'],
  });
}

/** Limits of head alone; p99 is over its own. */
export function budgetsGate(): GateResult {
  const budget = { kind: 'budget', base: null } as const;
  return sampleGate({
    mode: 'budgets',
    verdict: 'fail',
    base: null,
    rows: [
      sampleRow({
        ...budget,
        metric: 'p99',
        head: 58.1,
        tolerance: 50,
        verdict: 'fail',
        reason: 'at least 55.2 ms; the limit is 50.0 ms',
      }),
      sampleRow({
        ...budget,
        metric: 'cost',
        head: 4.12,
        tolerance: 5,
        verdict: 'pass',
        reason: 'at most $4.31; the limit is $5.00',
      }),
    ],
    bundles: [{ key: 'dynamo-apollo', baseBytes: null, headBytes: 812_410, same: false }],
  });
}

/** Nothing was measured: there is nothing to tell apart. */
export function sameCodeGate(): GateResult {
  return sampleGate({
    rounds: { run: 0, most: 30, looks: [], ended: 'same_code', void: [] },
    tookS: 0,
    rows: [],
    bundles: [{ key: 'dynamo-apollo', baseBytes: 812_344, headBytes: 812_344, same: true }],
    notes: ['The code of both sides is the same, byte for byte: nothing was measured.'],
  });
}

/** Nothing came from head, the code grew and an operation asks its backend more often. */
export function exactGate(): GateResult {
  return sampleGate({
    verdict: 'fail',
    rows: [
      absentRow('init', 'head has no cold start in any round that counts'),
      sampleRow({
        metric: 'bundleSize',
        base: 812_344,
        head: 1_204_112,
        verdict: 'fail',
        reason: 'grew by 48.2%, from 812 kB to 1.20 MB; 5% are tolerated',
      }),
      sampleRow({
        metric: 'backendCalls',
        operation: 'Timeline',
        base: 3,
        head: 13,
        verdict: 'fail',
        reason: 'grew by 333%, from 3 calls to 13 calls; 5% are tolerated',
      }),
    ],
  });
}

const REASONS: Record<GateRow['verdict'], string> = {
  pass: within('2.2%'),
  fail: 'at least 12.1% slower; 5% are tolerated',
  inconclusive: 'between 1.1% and 5.4% slower after 7 pairs; about 12 more would decide',
};

/** Many cells, of which every tenth is slower and every seventh is not known: three rows each. */
export function manyCellsGate(cells = 100): GateResult {
  const rows = Array.from({ length: cells }, (_, i): GateRow[] => {
    const memoryMb = 128 + 64 * (i % 150);
    const own = {
      cellId: `dynamo-${memoryMb}-rest-api-apollo-x${i}-ramp`,
      label: `dynamo · ${memoryMb} MB · x${i}`,
    };
    const verdict = i % 10 === 3 ? 'fail' : i % 7 === 5 ? 'inconclusive' : 'pass';
    return [
      sampleRow({
        ...own,
        metric: 'p50',
        base: 10,
        head: verdict === 'fail' ? 11.6 : 10.1,
        verdict,
        reason: REASONS[verdict],
        morePairs: verdict === 'inconclusive' ? 12 : null,
      }),
      sampleRow({
        ...own,
        metric: 'init',
        base: 400,
        head: 402,
        verdict: 'pass',
        reason: within('2%'),
      }),
      { ...guard(0, 0), ...own },
    ];
  }).flat();
  const causes = rows
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ cellId }) => sampleCause({ cellId }));
  return sampleGate({ verdict: causes.length > 0 ? 'fail' : 'inconclusive', rows, causes });
}
