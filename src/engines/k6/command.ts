import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { sha256Hex } from '../../base/digest.ts';
import { packageRoot } from '../../base/package-root.ts';
import type { SupervisedProcess, Supervisor } from '../../base/processes/supervisor.ts';
import { RAW_FILES } from '../../model/raw.ts';
import type { AwsCredentials, LoadPlan } from '../../model/scenario.ts';

/** What merge reads, and no more: each tag is a column of every row. */
const SYSTEM_TAGS = 'status,error_code,scenario,expected_response';

export interface K6Run {
  process: SupervisedProcess;
  /** Where its REST API answers, `http://127.0.0.1:PORT`. */
  api: string;
}

/** Starts k6 on a plan file. It writes into rawFolder, which is its working directory. */
export async function startK6(job: {
  executable: string;
  planPath: string;
  rawFolder: string;
  /** Its HOME. */
  homeFolder: string;
  /** What requests are signed with. */
  credentials: AwsCredentials | null;
  supervisor: Supervisor;
  script: string;
}): Promise<K6Run> {
  const port = await freePort();
  const log = openSync(join(job.rawFolder, RAW_FILES.k6Log), 'w');
  try {
    const process = job.supervisor.spawn(
      job.executable,
      [
        'run',
        ...['--quiet', '--no-color', '--no-usage-report', '--no-thresholds'],
        ...['--address', `127.0.0.1:${port}`],
        ...['--system-tags', SYSTEM_TAGS],
        // Relative: k6 reads `,` and `=` in the argument as options.
        ...['--out', `csv=${RAW_FILES.k6Samples}`],
        ...['--summary-export', RAW_FILES.k6Summary],
        job.script,
      ],
      {
        cwd: job.rawFolder,
        env: environment(job.homeFolder, job.planPath, job.credentials),
        stdio: ['ignore', log, log],
      },
    );
    return { process, api: `http://127.0.0.1:${port}` };
  } finally {
    closeSync(log);
  }
}

/** The program every profile is driven by. */
export function scenarioScript(): string {
  return join(packageRoot(), 'scenarios', 'graphql.ts');
}

/** From nothing: a K6_ variable of the user's would change what is measured. */
function environment(
  homeFolder: string,
  planPath: string,
  credentials: AwsCredentials | null,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: homeFolder,
    // Half the collections of Go's default: 15% less CPU per request for 50 MB more, measured.
    GOGC: '200',
    K6_CSV_TIME_FORMAT: 'unix_micro',
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    BENCH_LOAD_PLAN: planPath,
    ...(credentials !== null && {
      BENCH_ACCESS_KEY_ID: credentials.accessKeyId,
      BENCH_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken !== null && { BENCH_SESSION_TOKEN: credentials.sessionToken }),
    }),
  };
}

/**
 * Writes the plan twice: whole into `privateFolder` for k6, readable by nobody else, and into the
 * results without what is a user's own (headers' values, and the rows of variables, of which
 * their number and SHA-256 tell whether another run had the same) and without the address that is good
 * for this trial only. Returns the path for k6.
 */
export function writePlan(plan: LoadPlan, privateFolder: string, rawFolder: string): string {
  const path = join(privateFolder, 'plan.json');
  // What is signed is the address as it is sent: k6 would encode it, and leave out nothing.
  const url = plan.signing === null ? plan.url : new URL(plan.url).href;
  writeFileSync(path, JSON.stringify({ ...plan, url }), { mode: 0o600 });
  chmodSync(path, 0o600);
  const headers = Object.fromEntries(Object.keys(plan.headers).map((name) => [name, '']));
  const operations = plan.operations.map(({ rows, ...operation }) => ({
    ...operation,
    rows: rows.length,
    rowsSha256: sha256Hex(JSON.stringify(rows)),
  }));
  const kept = { ...plan, headers, renewUrl: null, operations };
  writeFileSync(join(rawFolder, RAW_FILES.loadPlan), JSON.stringify(kept));
  return path;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
