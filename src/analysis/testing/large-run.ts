import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, Run } from '../../model/run.ts';
import { TABLES, type TableName } from '../../model/tables.ts';
import { Database, literal } from '../../store/tables/database.ts';
import type { TrialOnDisk } from '../analyse-cell.ts';
import { cellOf, runOf, trialOf } from './trial-files.ts';

export interface LargeRun {
  run: Run;
  trials: TrialOnDisk[];
}

/** Requests per second of the hold; a tenth of a ramp's requests is warm-up and ramp. */
const RATE_PER_S = 50;
const BEGAN_US = 1_790_000_000_000_000;

const ORDER: Partial<Record<TableName, string>> = {
  requests: 'started_us, join_key',
  breakdown: 'started_us, join_key',
  invocations: 'reported_us, request_id',
  spans: 'trace_id, started_us, span_id',
};

export interface LargeRunSize {
  cells: number;
  rounds: number;
  /** Of a trial. */
  requests: number;
  /** How many of the cells, the last ones, are bursts. @default 0 */
  bursts?: number;
}

/**
 * Writes the Parquet files of a run as merge would: random ids, lognormal latencies that drift over the
 * trial, 1% cold, most of it at the beginning, 0.1% failures and a second of many, three backend calls a
 * request at the most, six spans a request. Seeded.
 */
export async function writeLargeRun(folder: string, size: LargeRunSize): Promise<LargeRun> {
  const cells = Array.from({ length: size.cells }, (_, i) =>
    i < size.cells - (size.bursts ?? 0) ? rampOf(i, size.requests) : burstOf(i, size.requests),
  );
  const run = runOf(cells);
  run.plan.rounds = size.rounds;
  const database = await Database.open({ tempFolder: join(folder, 'temp') });
  const trials: TrialOnDisk[] = [];
  try {
    await database.run('select setseed(0.5)');
    for (const cell of cells) {
      for (let trial = 1; trial <= size.rounds; trial += 1) {
        const path = join(folder, 'trials', cell.id, String(trial));
        await writeTrial(database, path, size.requests, cell.profile.kind);
        trials.push({ trial: trialOf(cell.id, trial, size.requests), folder: path });
      }
    }
  } finally {
    database.close();
  }
  return { run, trials };
}

function rampOf(index: number, requests: number): Cell {
  const cell = cellOf(256 + 64 * index);
  const [warmUpS, rampS] = [0.05, 0.05].map((share) => (requests * share) / RATE_PER_S);
  const holdS = (requests * 0.9) / RATE_PER_S;
  return {
    ...cell,
    profile: {
      kind: 'ramp',
      ratePerS: RATE_PER_S,
      warmUpS: warmUpS as number,
      rampS: rampS as number,
      holdS,
    },
  };
}

function burstOf(index: number, requests: number): Cell {
  const cell = cellOf(256 + 64 * index);
  const holdS = requests / RATE_PER_S;
  return {
    ...cell,
    id: cell.id.replace(/ramp$/, 'burst'),
    profile: { kind: 'burst', ratePerS: RATE_PER_S, rateFromHost: false, holdS },
  };
}

async function writeTrial(
  database: Database,
  folder: string,
  requests: number,
  kind: Cell['profile']['kind'],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await database.run(made(requests, kind === 'burst'));
  for (const [name, sql] of Object.entries(ROWS) as [TableName, string][]) {
    const columns = Object.entries(TABLES[name])
      .map(([column, type]) => `${column}::${type} as ${column}`)
      .join(', ');
    // Columns that are not made here are null.
    const none = Object.keys(TABLES[name]).map((column) => `null as ${column}`);
    await database.run(
      `copy (select ${columns} from (${sql} union all by name select ${none.join(', ')} where false)
         order by ${ORDER[name]})
       to ${literal(join(folder, `${name}.parquet`))} (format parquet, compression zstd)`,
    );
  }
}

const hex = (salt: string, digits: number) => `left(md5(i || '${salt}' || nonce), ${digits})`;
const normal = 'sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())';

/** Two thirds of a ramp's cold starts and nearly all of a burst's are in its first hundredths. */
const coldShare = (requests: number, burst: boolean) =>
  burst
    ? `case when i < ${requests} * 0.02 then 0.4 else 0.0005 end`
    : `case when i < ${requests} * 0.02 then 0.33 else 0.0035 end`;

const made = (requests: number, burst: boolean) => `
  create or replace temp table made as
  with drawn as (
    select i, random()::varchar as nonce, random() < ${coldShare(requests, burst)} as cold,
      random() as u, 1 + 0.15 * sin(12 * i / ${requests}) as drift,
      1000 * drift * exp(0.5 * ${normal}) as backend, 2000 * drift * exp(0.4 * ${normal}) as handler
    from range(${requests}) t(i))
  select i as join_key, '1-6ab13b80-' || ${hex('t', 24)} as trace_id,
    ${hex('r', 8)} || '-' || left(md5(nonce), 4) || '-4000-8000-' || ${hex('s', 12)} as request_id,
    ${hex('p', 12)} as span, cold, cold as first_in_environment,
    case ${burst ? '' : `when i < ${requests} * 0.05 then 'warm_up' when i < ${requests} * 0.1 then 'ramp'`}
      when true then 'hold' end as phase,
    case when u < 0.4 then 'User' when u < 0.7 then 'Tweets' when u < 0.9 then 'Users'
      else 'AddTweet' end as operation,
    case when u < 0.001 or (i // ${RATE_PER_S} = ${Math.floor((requests * 0.6) / RATE_PER_S)} and u < 0.5)
      then 'http_error' else 'ok' end as outcome,
    ${BEGAN_US} + i * ${1e6 / RATE_PER_S} as started_us,
    (100 + 50 * u)::bigint as client_us, (150 + 100 * u)::bigint as network_us,
    (900 + 300 * u)::bigint as front_us, (1500 + 500 * u)::bigint as placement_us,
    case when cold then (180000 + 60000 * u)::bigint else 0 end as init_us,
    backend::bigint as backend_us, handler::bigint as handler_us, (300 + 80 * u)::bigint as overhead_us,
    (200 * u)::bigint as unexplained_us, 1 + (3 * u)::integer as backend_calls,
    client_us + network_us + front_us + placement_us + init_us + backend_us + handler_us
      + overhead_us + unexplained_us as total_us
  from drawn`;

const span = (
  role: string,
  name: string,
  fromUs: string,
  lengthUs: string,
  parent: string,
  where = 'true',
) => `
  select trace_id, span || '${role.slice(0, 4)}' as span_id, ${parent} as parent_id, '${role}' as role,
    '${name}' as name, ${fromUs} as started_us, ${fromUs} + ${lengthUs} as ended_us,
    false as error, false as fault, false as throttle, false as inferred from made where ${where}`;
const service = 'started_us + client_us + network_us + front_us';
const invocation = `${service} + placement_us + init_us`;
const within = (role: string) => `span || '${role}'`;

const ROWS: Partial<Record<TableName, string>> = {
  requests: `select *, 'ramp' as scenario, true as sampled, case outcome when 'ok' then 200 else 502 end as status,
      case outcome when 'ok' then null else 'status 502' end as error, client_us as blocked_us,
      0 as connecting_us, 0 as tls_us, 0 as sending_us, total_us - client_us as waiting_us,
      0 as receiving_us, 500 + join_key % 4000 as response_bytes from made`,
  breakdown: `select *, 'trace' as source from made`,
  invocations: `select *, 'f' as function_name, started_us + total_us as reported_us,
      '2026/11/20/[$LATEST]' || left(md5((join_key // 100)::varchar), 24) as environment,
      false as prewarmed,
      handler_us + backend_us as duration_us, ceil((duration_us + coalesce(init_us, 0)) / 1000) * 1000 as billed_us,
      1024 as memory_mb, 90 + join_key % 20 as max_memory_mb, 'success' as status
    from (select * replace (case when cold then init_us end as init_us) from made)`,
  spans: [
    span('gateway', 'api/stage', 'started_us + client_us', 'total_us - client_us', 'null'),
    span('service', 'f', service, 'total_us - client_us - network_us - front_us', within('gate')),
    span('init', 'Initialization', `${service} + placement_us`, 'init_us', within('serv'), 'cold'),
    span('function', 'f', invocation, 'handler_us + backend_us', within('serv')),
    span('invocation', 'Invocation', invocation, 'handler_us + backend_us', within('func')),
    span('backend', 'DynamoDB', invocation, 'backend_us', within('invo')),
    span('overhead', 'Overhead', `${invocation} + handler_us`, 'overhead_us', within('func')),
  ].join(' union all '),
};
