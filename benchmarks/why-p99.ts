/**
 * Does the analysis name the true cause of a tail? Two handlers of known slowness (in 2% of requests a
 * call of 60 ms, or 60 ms of their own code) are measured by `bench run`; the handlers tell by their own
 * clocks how long calls and code took in each request, and from these the true shares are computed.
 *
 *   node benchmarks/why-p99.ts [--rounds=3] [--hold=25] [--rate=40] [--keep]
 *
 * Ends with 1 where a wrong part is named or its share is off by more than 5 points, and where what was
 * injected makes less than three quarters of the tail by the handlers' clocks: then this machine made the
 * rest, in part around the handlers' code where their clocks do not see it, and nothing can be told.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Analysis, analysisSchema, type CellAnalysis } from '../src/model/analysis.ts';
import { Database, literal } from '../src/store/tables/database.ts';

const MOST_POINTS_OFF = 5;
const LEAST_TRUE_SHARE = 0.75;
const ROWS = 1000;
const option = (name: string, otherwise: number) =>
  Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);

/** What a handler's own clock says of one request. */
interface Told {
  traceId: string;
  callMs: number;
  codeMs: number;
}

const CASES = [
  { file: 'slow-calls', part: 'backend', of: ({ callMs }: Told) => callMs },
  { file: 'slow-code', part: 'handler', of: ({ codeMs }: Told) => codeMs },
] as const;

const root = join(import.meta.dirname, '..');
const handlers = join(root, 'fixtures/handlers/slow-backend');
const folder = mkdtempSync(join(tmpdir(), 'bench-why-p99-'));
const told = new Map<string, Told>();

const socket = createSocket('udp4');
socket.on('message', (message) => {
  const one = JSON.parse(message.toString()) as Told;
  told.set(one.traceId, one);
});
socket.bind(0, '127.0.0.1');
await once(socket, 'listening');

let failed = false;
try {
  const results = await measure(`127.0.0.1:${socket.address().port}`);
  const analysis = analysisSchema.parse(
    JSON.parse(readFileSync(join(results, 'analysis.json'), 'utf8')),
  );
  console.log(analysis.headline.join('\n'));
  for (const one of CASES) failed = !(await judge(one, analysis, results)) || failed;
} finally {
  socket.close();
  if (process.argv.includes('--keep')) console.log(folder);
  else rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** Runs the product; the folder of the run. */
async function measure(timesTo: string): Promise<string> {
  const variables = Array.from({ length: ROWS }, (_, index) => {
    const id = String(index + 1);
    return { variables: { id }, expected: { item: { id, name: `Item ${id}` } } };
  });
  writeFileSync(join(folder, 'variables.json'), JSON.stringify(variables));
  writeFileSync(join(folder, 'variables.env'), `TIMES_TO=${timesTo}\n`);
  const bench = spawn(
    process.execPath,
    [
      join(root, 'src/cli/bench.js'),
      'run',
      ...['--handler', CASES.map(({ file }) => join(handlers, `${file}.mjs`)).join(',')],
      ...['--operations', join(handlers, 'operations')],
      ...['--variables', join(folder, 'variables.json')],
      ...['--env-file', join(folder, 'variables.env')],
      ...['--memory', '1769', '--rate', String(option('rate', 40))],
      // The ramp is long enough for slow requests to have started the environments they need.
      ...['--warm-up', '3s', '--ramp', '8s', '--hold', `${option('hold', 25)}s`],
      ...['--rounds', String(option('rounds', 3)), '--results', join(folder, 'results')],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [status] = await once(bench, 'exit');
  if (status !== 0) throw new Error(`bench run ended with ${status}`);
  const [runId] = readdirSync(join(folder, 'results'));
  return join(folder, 'results', runId as string);
}

async function judge(
  { file, part, of }: (typeof CASES)[number],
  analysis: Analysis,
  results: string,
): Promise<boolean> {
  const cell = analysis.cells.find(({ cell: { id } }) => id.includes(file));
  if (cell === undefined) throw new Error(`no cell of ${file}`);
  const tail = cell.tails.find(({ quantile }) => quantile === 'p99');
  const found = tail?.parts.find((one) => one.part === part)?.share;
  const truth = await trueShare(cell, results, of);
  const off = Math.abs((found?.value ?? Number.NaN) - truth.share) * 100;
  const leads = truth.share >= LEAST_TRUE_SHARE;
  const right = leads && tail?.leading === part && off <= MOST_POINTS_OFF;
  const verdict = right ? 'ok' : leads ? 'WRONG' : 'undecided: this machine made the tail';
  const percent = (share: number | null | undefined) =>
    typeof share === 'number' ? (share * 100).toFixed(1) : '–';
  console.log(`${file}: ${tail?.finding}`);
  console.log(
    `  named ${tail?.leading}; ${part} ${percent(found?.value)}% [${percent(found?.low)}, ${percent(found?.high)}], ` +
      `truth ${percent(truth.share)}% (${truth.tail} requests above p99, ${truth.untold} not told of): ` +
      `${off.toFixed(2)} points off, ${verdict}`,
  );
  return right;
}

/** From the client's totals and the handler's clock alone: no trace and no breakdown. */
async function trueShare(cell: CellAnalysis, results: string, of: (told: Told) => number) {
  const tail: { totalMs: number; causeMs: number }[] = [];
  const middle: typeof tail = [];
  let untold = 0;
  const database = await Database.open({ tempFolder: join(folder, 'database') });
  try {
    for (const { trial } of cell.validity.trials.filter(({ used }) => used)) {
      const file = join(results, 'trials', cell.cell.id, String(trial), 'requests.parquet');
      const rows = await database.rows<{ trace_id: string; ms: number }>(
        `select trace_id, total_us / 1000 as ms from read_parquet(${literal(file)})
         where phase = 'hold' and outcome = 'ok' order by total_us`,
      );
      for (const [index, { trace_id, ms }] of rows.entries()) {
        const one = told.get(trace_id);
        const above = (q: number) => index + 1 > Math.ceil(rows.length * q - 1e-9);
        const into = above(0.99) ? tail : above(0.45) && !above(0.55) ? middle : null;
        if (into === null) continue;
        if (one === undefined) untold += 1;
        else into.push({ totalMs: ms, causeMs: of(one) });
      }
    }
  } finally {
    database.close();
  }
  const mean = (rows: typeof tail, key: 'totalMs' | 'causeMs') =>
    rows.reduce((sum, row) => sum + row[key], 0) / rows.length;
  const difference = (key: 'totalMs' | 'causeMs') => mean(tail, key) - mean(middle, key);
  return { share: difference('causeMs') / difference('totalMs'), tail: tail.length, untold };
}
