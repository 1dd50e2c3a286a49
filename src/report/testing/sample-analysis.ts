import { seededRandom } from '../../base/random.ts';
import type { Analysis, CellAnalysis } from '../../model/analysis.ts';
import { bundleKey, serverOf } from '../../model/endpoint.ts';
import type { Cell, Run } from '../../model/run.ts';
import { noColdStarts, noCost } from '../../model/testing/empty.ts';
import { sampleCell } from './sample-cell.ts';
import { cellsOf, type SampleOptions, VARIANTS } from './sample-cells.ts';
import { samplePrices } from './sample-cost.ts';
import { sampleMemoryScaling } from './sample-memory.ts';

/** A made-up analysis with plausible figures: by default two cells of three trials, 1,300 requests each. */
export function sampleAnalysis(options: SampleOptions = {}): Analysis {
  const { seed = 7 } = options;
  const trials = options.trials ?? 3;
  const random = seededRandom(seed);
  const cells = [...new Map(cellsOf(options).map((cell) => [cell.id, cell])).values()];
  const analysed = cells.map((cell) => sampleCell(cell, trials, random));
  return {
    version: 1,
    run: sampleRun(cells, trials),
    headline: headlineOf(analysed),
    cells: analysed,
    comparisons: [],
    causes: [],
    memoryScaling: sampleMemoryScaling(analysed),
    prices: samplePrices(),
    gate: null,
    warnings: [
      {
        code: 'init-queue',
        severity: 'note',
        message: 'Initialisations waited up to 212 ms for a core of this host.',
      },
    ],
  };
}

/** Thirty cells of ten trials: what must stay readable, and small enough to send. */
export function manyCellsAnalysis(trials = 10): Analysis {
  return sampleAnalysis({
    backends: ['dynamo', 'postgres', 'rest'],
    servers: ['apollo', 'yoga'],
    memoriesMb: [256, 512, 1024, 2048, 4096],
    trials,
  });
}

/** Five sizes against an SLO: enough of them for a fit. */
export function sweepAnalysis(trials = 5): Analysis {
  const analysis = sampleAnalysis({ memoriesMb: [512, 1024, 1769, 2048, 3008], trials });
  const slo = { quantile: 'p99', ms: 400 } as const;
  analysis.run.plan.slo = slo;
  analysis.memoryScaling = sampleMemoryScaling(analysis.cells, slo);
  return analysis;
}

/** Forced cold starts by memory size. */
export function coldAnalysis(trials = 3): Analysis {
  return sampleAnalysis({
    memoriesMb: [512, 1024, 1769, 2048, 3008],
    trials,
    profiles: [{ kind: 'cold', coldStarts: 20, warmRequests: 5 }],
  });
}

/** From idle to a rate at once; with five trials one is left out. */
export function burstAnalysis(trials = 3): Analysis {
  return sampleAnalysis({
    memoriesMb: [1024, 3008],
    trials,
    profiles: [{ kind: 'burst', ratePerS: 40, rateFromHost: false, holdS: 12 }],
  });
}

/** Strings that become markup, script or another line wherever they are not treated as text. */
export const HOSTILE = [
  '</script><img src=x onerror="window.pwned=1">',
  '<svg onload=window.pwned=2>',
  `"><script>window.pwned=3</script>`,
  "' onmouseover='window.pwned=4",
  '\u2028\u2029<!-- ]]> & | `code` **bold** [x](javascript:window.pwned=5)',
  '<details open ontoggle=window.pwned=6>',
] as const;

/** Everything that goes wrong: void, no answers, no traces, no cold starts, hostile strings. */
export function uglyAnalysis(): Analysis {
  const analysis = sampleAnalysis({ memoriesMb: [128, 1024, 2048], trials: 1, seed: 3 });
  const [dead, bare, hostile] = analysis.cells as [CellAnalysis, CellAnalysis, CellAnalysis];
  emptyCell(dead);
  bare.bands = [];
  bare.tails = [];
  bare.waterfalls = [];
  bare.coldStarts = noColdStarts({
    share: { ...absent('share'), value: 0, low: 0, high: 0.0029, interval: 'wilson', n: 1300 },
  });
  bare.backend = noBackend('no request was traced');
  bare.explained = { medianUnexplainedMs: absent('ms'), maxSumErrorMs: 0 };
  bare.memory = { usedMaxMb: absent('mb'), billedMsMedian: absent('ms') };
  bare.timeline = { binS: 1, points: [] };
  bare.validity.state = 'doubtful';
  bare.validity.checks[0] = {
    name: 'trace-coverage',
    label: 'Requests with a trace',
    value: null,
    shown: 'not known',
    threshold: '≥ 99%',
    state: 'unknown',
    why: 'X-Ray did not answer before the deadline.',
    about: 'measurement',
  };
  hostile.cell.endpoint.server = HOSTILE[0];
  hostile.cell.endpoint.dataset = HOSTILE[3];
  hostile.byOperation.forEach((row, i) => {
    row.operation = HOSTILE[i % HOSTILE.length] as string;
  });
  hostile.failures = HOSTILE.map((error) => ({ outcome: 'graphql_error', error, requests: 3 }));
  for (const waterfall of hostile.waterfalls) {
    waterfall.operation = HOSTILE[1];
    waterfall.traceId = HOSTILE[2];
    for (const span of waterfall.spans) span.name = HOSTILE[0];
  }
  for (const check of hostile.validity.checks) check.why = HOSTILE[5];
  analysis.headline = [`p99 is ${HOSTILE[0]}`, HOSTILE[4]];
  analysis.warnings = HOSTILE.map((message, i) => ({
    code: 'hostile',
    severity: (['note', 'doubtful', 'void'] as const)[i % 3] ?? 'note',
    message,
    cellId: hostile.cell.id,
    trial: 1,
  }));
  hostile.cost.items.forEach((item, i) => {
    item.basis = HOSTILE[i % HOSTILE.length] as string;
  });
  hostile.cost.lacking = [HOSTILE[0]];
  analysis.prices.assumptions = [HOSTILE[1], HOSTILE[5]];
  analysis.memoryScaling = sampleMemoryScaling(analysis.cells);
  for (const group of analysis.memoryScaling) {
    [group.label, group.finding] = [HOSTILE[3], HOSTILE[0]];
    for (const quantity of group.quantities) quantity.finding = HOSTILE[2];
    for (const advice of group.advice) advice.finding = HOSTILE[1];
  }
  analysis.run.fingerprint.cpuModel = HOSTILE[2];
  analysis.run.runId = `20261120-191500-${HOSTILE[1]}`;
  return analysis;
}

/** A cell whose every request failed. */
function emptyCell(cell: CellAnalysis): void {
  cell.outcomes = {
    ok: 0,
    graphql_error: 0,
    wrong_answer: 0,
    http_error: cell.requests,
    network_error: 0,
  };
  cell.failureShare = { ...cell.failureShare, value: 1, low: 0.997, high: 1 };
  cell.failures = [{ outcome: 'http_error', error: '502 Bad Gateway', requests: cell.requests }];
  cell.rateReached = { ...cell.rateReached, value: 0, low: null, high: null };
  for (const name of ['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const) {
    cell.latency[name] = absent('ms');
  }
  cell.holdRequests = 0;
  cell.curves = [];
  cell.bands = [];
  cell.tails = [];
  cell.waterfalls = [];
  cell.byOperation = [];
  cell.perTrial = [];
  cell.backend = noBackend('no request was traced');
  cell.coldStarts = noColdStarts();
  cell.cost = noCost();
  cell.timeline.points = cell.timeline.points.map((point) => ({
    ...point,
    failures: point.requests,
    cold: 0,
    p50Ms: null,
    maxMs: null,
  }));
  cell.validity.state = 'void';
  cell.validity.checks.push({
    name: 'answers',
    label: 'Answered requests',
    value: 0,
    shown: '0 of 1,300 (0%)',
    threshold: '> 0',
    state: 'void',
    why: 'Without an answer there is no latency.',
    about: 'system',
  });
}

function absent(unit: 'ms' | 'mb' | 'share' | 'count') {
  return {
    value: null,
    unit,
    low: null,
    high: null,
    interval: 'none' as const,
    n: 0,
    trials: 1,
    note: 'no answered requests',
  };
}

/** As the analysis has it where no call was seen. */
export function noBackend(note: string): CellAnalysis['backend'] {
  const none = (unit: 'count' | 'ms') => ({ ...absent(unit), note });
  return {
    tracedRequests: 0,
    callsMean: none('count'),
    callsMedian: none('count'),
    medianMs: none('ms'),
  };
}

function sampleRun(cells: Cell[], trials: number): Run {
  const variants = VARIANTS.filter(({ name }) =>
    cells.some(({ endpoint }) => endpoint.variant === name),
  ).map((variant) => ({ ...variant }));
  return {
    version: 1,
    runId: '20261120-191500-x7f2',
    createdAt: '2026-11-20T19:15:00.000Z',
    status: 'finished',
    plan: {
      target: 'local',
      cells,
      rounds: trials,
      seed: 42,
      operations: [],
      slo: null,
      traceShare: 1,
      architecture: null,
      region: 'us-east-1',
      initProbes: 0,
      gate: null,
      variants,
    },
    fingerprint: {
      os: 'linux 6.8',
      arch: 'x64',
      cpuModel: 'AMD EPYC 7R13',
      cores: 2,
      memoryMb: 24_576,
      cpuMode: 'quota',
      node: '24.21.0',
      k6: '2.2.0',
      k6Origin: 'PATH',
      tool: '0.1.0',
    },
    hostInitsPerS: null,
    gate: null,
    telemetry: [],
    bundles: [
      ...new Map(cells.map(({ endpoint }) => [bundleKey(endpoint), endpoint])).values(),
    ].map(({ backend, dataLayer, server, batching, revision }) => ({
      backend,
      server: serverOf({ server }),
      dataLayer,
      batching,
      revision,
      bytes: 1_253_000,
      gzipBytes: 301_000,
      load: { medianMs: 61, minMs: 58, maxMs: 70, n: 5 },
      init: { medianMs: 142, minMs: 138, maxMs: 161, n: 5 },
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    })),
    warnings: [],
  };
}

function headlineOf(cells: CellAnalysis[]): string[] {
  const slow = cells[0] as CellAnalysis;
  const best = cells.at(-1) as CellAnalysis;
  const ms = (cell: CellAnalysis) => {
    const { value, low, high } = cell.latency.p99;
    return low === null
      ? `${value?.toFixed(0)} ms`
      : `${value?.toFixed(0)} ms [${low.toFixed(0)}, ${high?.toFixed(0)}]`;
  };
  if (best === slow) return [`p99 is ${ms(best)}; cold starts make 64% of the tail.`];
  return [
    `p99 is ${ms(best)} at ${best.cell.endpoint.memoryMb} MB, against ${ms(slow)} at ${slow.cell.endpoint.memoryMb} MB; cold starts make 64% of the tail.`,
    `A cold start adds ${best.coldStarts.penaltyMs.value?.toFixed(0)} ms at ${best.cell.endpoint.memoryMb} MB.`,
  ];
}
