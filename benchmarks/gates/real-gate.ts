import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GateResult, gateResultSchema } from '../../src/model/gate.ts';
import { withRevision } from '../../src/model/sides.ts';
import { Database, literal } from '../../src/store/tables/database.ts';
import type { Kind, Told } from './told.ts';

const root = join(import.meta.dirname, '../..');
const handlers = join(root, 'fixtures/handlers/gate');
/** pass, regression, inconclusive */
const VERDICT_CODES = [0, 99, 98];

export interface RealGate {
  kind: Kind;
  seed: number;
  roundsPerMs: number;
  /** Flags of `bench gate` beside ours. */
  flags: readonly string[];
  /** Ends the command: the gate is then not counted. */
  signal: AbortSignal;
}

/** Runs `bench gate` of base against a kind of head, as a user would, and keeps nothing of it on disk. */
export async function realGate(asked: RealGate): Promise<Told> {
  const { kind, seed, roundsPerMs } = asked;
  const folder = mkdtempSync(join(tmpdir(), 'bench-gate-'));
  const beganMs = performance.now();
  try {
    writeFileSync(join(folder, 'rounds.env'), `ROUNDS_PER_MS=${roundsPerMs}\n`);
    const exitCode = await gate(asked, folder);
    const commandS = (performance.now() - beganMs) / 1000;
    const results = join(folder, 'results');
    const runId = readdirSync(results).find((name) => /^\d{8}-/.test(name)) as string;
    const run = join(results, runId);
    const result = gateResultSchema.parse(
      JSON.parse(readFileSync(join(run, 'gate', 'gate.json'), 'utf8')),
    );
    return {
      kind,
      seed,
      endedAt: new Date().toISOString(),
      roundsPerMs,
      verdict: result.verdict,
      exitCode,
      ended: result.rounds.ended,
      pairs: result.rounds.run,
      void: result.rounds.void.map(({ round, side, reason }) => ({ round, side, reason })),
      tookS: result.tookS,
      commandS,
      rows: result.rows.map(({ metric, verdict, reason, values }) => ({
        metric,
        verdict,
        reason,
        values,
      })),
      causes: result.causes.map(({ sentence }) => sentence),
      means: await meansOf(result, run, join(folder, 'database')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its exit code, which is one of a verdict. */
async function gate({ kind, seed, flags, signal }: RealGate, folder: string) {
  const bench = spawn(
    process.execPath,
    [
      ...[join(root, 'src/cli/bench.js'), 'gate', '--yes', '--json'],
      ...['--base-handler', join(handlers, 'base.mjs')],
      ...['--head-handler', join(handlers, `${kind}.mjs`)],
      ...['--operations', join(handlers, 'operations')],
      ...['--env-file', join(folder, 'rounds.env')],
      ...['--memory', '1769', '--seed', String(seed), '--results', join(folder, 'results')],
      ...flags,
    ],
    // Another working folder might have a configuration.
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const stop = () => bench.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  let told = '';
  bench.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-2000);
  });
  const [code] = (await once(bench, 'close')) as [number | null];
  signal.removeEventListener('abort', stop);
  if (code === null || !VERDICT_CODES.includes(code)) {
    throw new Error(`bench gate ended with ${code}:\n${told}`);
  }
  return code;
}

/** Of every round that has both trials, void or not: what common tools would have compared. */
async function meansOf({ rows }: GateResult, run: string, tempFolder: string) {
  const cellId = rows[0]?.cellId;
  if (cellId === undefined) throw new Error('the gate judged nothing');
  const database = await Database.open({ tempFolder });
  try {
    const side = async (revision: 'base' | 'head') => {
      const trials = join(run, 'trials', withRevision(cellId, revision));
      const files = join(trials, '*', 'requests.parquet');
      const found = await database.rows<{ round: number; requests: number; ms: number }>(
        `select parse_path(filename)[-2]::integer as round, count(*) as requests,
                avg(total_us) / 1000 as ms
         from read_parquet(${literal(files)}, filename = true)
         where phase = 'hold' and outcome = 'ok' group by all order by round`,
      );
      return new Map(found.map((one) => [one.round, one]));
    };
    const [base, head] = [await side('base'), await side('head')];
    return [...base.values()].flatMap(({ round, ms: baseMs, requests }) => {
      const other = head.get(round);
      if (other === undefined) return [];
      return [{ round, baseMs, headMs: other.ms, requests: Math.min(requests, other.requests) }];
    });
  } finally {
    database.close();
  }
}
