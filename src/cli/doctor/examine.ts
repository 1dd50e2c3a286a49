import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf, UsageError } from '../../base/errors.ts';
import { threeDigits } from '../../base/numbers.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { findPostgres } from '../../databases/postgres/find-postgres.ts';
import { detectCgroups } from '../../emulator/cgroups/index.ts';
import { findK6 } from '../../engines/k6/find-k6.ts';
import { freeDiskMb } from '../../store/prepare-results.ts';
import { measureInitRate } from '../../targets/local/init-rate.ts';
import { BACKENDS } from '../registry.ts';
import { mayEnterScope } from '../scope/enter-scope.ts';
import { findScope, surroundings } from '../scope/scopes.ts';
import { k6Request } from '../tools.ts';
import { withEmulator } from '../with-emulator.ts';

/** One thing `doctor` looked at. `costs`: runs work, with less. `bad`: `run` cannot work. */
export interface Finding {
  name: string;
  state: 'good' | 'costs' | 'bad';
  found: string;
  /** What its lack costs, or what there is to know of it. */
  cost?: string;
  /** The command that mends it. */
  mend?: string;
}

interface Examination {
  supervisor: Supervisor;
  signal: AbortSignal;
  resultsPath: string;
}

/** The function that is initialised to see how fast this host is at it. */
const PROBED = 'doctor';

export async function examine(examination: Examination): Promise<Finding[]> {
  return [
    node(),
    await k6(examination),
    await postgres(examination),
    cpuQuotas(),
    cores(),
    memory(),
    disk(examination.resultsPath),
    await cdk(),
    await initialisations(examination),
  ];
}

function node(): Finding {
  return { name: 'Node', state: 'good', found: `${process.versions.node} (${process.execPath})` };
}

async function k6(examination: Examination): Promise<Finding> {
  try {
    const found = await findK6({
      ...k6Request(examination.supervisor, examination.signal),
      get: false,
    });
    return {
      name: 'k6',
      state: 'good',
      found: `${found.version} from ${found.origin} (${found.path})`,
    };
  } catch (error) {
    if (error instanceof UsageError) return { name: 'k6', state: 'bad', found: error.message };
    const cost = 'the first run downloads it, or builds it with Go (about 90 s)';
    return { name: 'k6', state: 'costs', found: messageOf(error), cost };
  }
}

async function postgres({ supervisor }: Examination): Promise<Finding> {
  const name = 'PostgreSQL';
  try {
    const { banner, bin } = await findPostgres(supervisor);
    return { name, state: 'good', found: `${banner} (${bin})` };
  } catch (error) {
    const cost = 'the backend postgres needs --postgres-url';
    return { name, state: 'costs', found: messageOf(error), cost };
  }
}

async function cdk(): Promise<Finding> {
  const name = 'AWS CDK';
  const { checkCdk } = await import('../../targets/aws/deployment/run-cdk.ts');
  try {
    checkCdk();
    return { name, state: 'good', found: 'installed: endpoints can be deployed to AWS' };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const cost = '--target aws measures only what was deployed from elsewhere';
    return { name, state: 'costs', found: error.message, cost };
  }
}

function cpuQuotas(): Finding {
  const name = 'CPU quotas';
  const support = detectCgroups();
  const version = support.version === null ? 'no cgroups' : `cgroup v${support.version}`;
  const works = 'CPU in proportion to memory works';
  if (support.quotas) return { name, state: 'good', found: `${version}, ${works}` };
  const scope = mayEnterScope(support, process.env) ? findScope(surroundings()) : null;
  if (scope !== null) {
    const found = `${version}, ${works} in a scope of systemd's`;
    const cost = `run, gate and local get it by: ${scope.shown} (BENCH_SCOPE=off: they do not)`;
    return { name, state: 'good', found, cost };
  }
  return {
    name,
    state: 'costs',
    found: `${version}: ${support.reason}`,
    cost: 'every memory size gets the whole CPU: memory scaling and advice on sizes are void',
    ...(support.mend === null ? {} : { mend: support.mend }),
  };
}

function cores(): Finding {
  const count = availableParallelism();
  const found = `${count} (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  if (count >= 2) return { name: 'cores', state: 'good', found };
  const cost = 'k6, the database and the function share one core: expect host wait';
  return { name: 'cores', state: 'costs', found, cost };
}

function memory(): Finding {
  const found = `${Math.round(freemem() / 2 ** 20)} of ${Math.round(totalmem() / 2 ** 20)} MB free`;
  return { name: 'memory', state: 'good', found };
}

function disk(resultsPath: string): Finding {
  let existing = resultsPath;
  while (!existsSync(existing)) existing = dirname(existing);
  const freeMb = freeDiskMb(existing);
  const found = `${Math.round(freeMb / 1000)} GB free at ${existing}`;
  if (freeMb >= 2000) return { name: 'disk', state: 'good', found };
  const cost = "k6's samples need about 1.4 KB a request while a trial lasts";
  return {
    name: 'disk',
    state: freeMb < 200 ? 'bad' : 'costs',
    found: `${freeMb} MB free at ${existing}`,
    cost,
  };
}

async function initialisations({ supervisor }: Examination): Promise<Finding> {
  const name = 'cold starts';
  try {
    const folder = join(supervisor.ownFolder('bench-doctor'), 'handler');
    mkdirSync(folder);
    const [backend] = BACKENDS;
    const artifact = await backend.bundle(
      {
        backend: backend.name,
        variant: null,
        dataLayer: null,
        batching: false,
        memoryMb: 1024,
        front: 'function-url',
        server: 'apollo',
        dataset: 'x1',
        runtime: 'nodejs24.x',
        timeoutS: 30,
        provisionedConcurrency: 0,
        reservedConcurrency: null,
        responseStreaming: false,
        revision: null,
      },
      folder,
    );
    const rate = await withEmulator({ supervisor }, async ({ functions }) => {
      await functions.create({
        name: PROBED,
        runtime: 'nodejs24.x',
        codeFolder: artifact.folder,
        handler: { file: artifact.file, exportName: artifact.exportName },
        memoryMb: 1024,
        timeoutS: 30,
        environment: { USERS_TABLE: 'none', TWEETS_TABLE: 'none' },
      });
      return measureInitRate(functions, PROBED);
    });
    const found = `${threeDigits(rate.perS)} environments/s can be initialised here (measured on ${rate.environments})`;
    return {
      name,
      state: 'good',
      found,
      cost: 'bursts that need more queue on this host: Lambda would not',
    };
  } catch (error) {
    return { name, state: 'bad', found: `no environment could be started: ${messageOf(error)}` };
  }
}
