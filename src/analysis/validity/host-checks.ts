import { formatMs, formatShare } from '../../base/numbers.ts';
import type { Check } from '../../model/analysis.ts';
import type { HostFacts } from '../../model/trial.ts';
import { atMost, type State, shownCount, shownOf } from './check.ts';
import type { Evidence } from './evidence.ts';

/** Where Lambda ran on a machine of ours: did the machine lie about Lambda? */
export function hostChecks(evidence: Evidence): Check[] {
  if (evidence.cpuMode === 'aws') return [];
  const { hosts } = evidence;
  const quota = cpuQuota(evidence);
  if (hosts.length === 0) return [quota];
  const sum = (key: keyof HostFacts) => hosts.reduce((total, host) => total + Number(host[key]), 0);
  const count = (
    name: string,
    label: string,
    key: keyof HostFacts,
    otherwise: State,
    about: Check['about'],
    why: string,
  ): Check => ({
    name,
    label,
    value: sum(key),
    shown: shownCount(sum(key)),
    threshold: '0',
    state: sum(key) === 0 ? 'sound' : otherwise,
    about,
    why,
  });
  return [
    quota,
    hostWait(evidence, sum('hostWaitUs')),
    initQueue(evidence, sum('initQueueUs'), Math.max(...hosts.map((h) => h.initQueueMaxUs))),
    skippedInits(evidence, sum('initsSkipped')),
    databaseCpu(evidence, sum('databaseCpuUs'), sum('elapsedUs')),
    count(
      'host-refusals',
      'Requests refused for want of memory on this host',
      'hostRefusals',
      'void',
      'measurement',
      'Lambda would have started another environment: what was measured is the size of this machine.',
    ),
    count(
      'throttles',
      'Throttled requests',
      'throttles',
      'doubtful',
      'system',
      'They met a concurrency limit as they would on Lambda; latency figures are without them.',
    ),
    count(
      'lost-environments',
      'Environments that ended by themselves',
      'environmentsLost',
      'doubtful',
      'system',
      'Crashes, timeouts and exhausted memory make cold starts of their own.',
    ),
    count(
      'lost-datagrams',
      'X-Ray datagrams the kernel dropped',
      'lostDatagrams',
      'doubtful',
      'measurement',
      'Each may have been a backend call that is now counted as handler time.',
    ),
  ];
}

function cpuQuota({ cpuMode, severalMemorySizes }: Evidence): Check {
  const has = cpuMode === 'quota';
  return {
    name: 'cpu-quota',
    label: 'CPU in proportion to memory',
    value: has ? 1 : 0,
    shown: has ? 'by cgroup quota' : 'no quota',
    threshold: 'a quota',
    about: 'measurement',
    state: has ? 'sound' : 'doubtful',
    why: severalMemorySizes
      ? 'Without it every memory size has the whole machine: comparing sizes is void.'
      : 'Without it the environments have the whole machine, not the share of a CPU that Lambda gives this size.',
  };
}

/**
 * Calls of a few milliseconds with two backend calls, 2 virtual cores: 13% on an idle host (waking a
 * halted core counts), 23% beside one burner, 38% and more while builds ran. See docs/figures.md.
 */
const HOST_WAIT_DOUBTFUL = 0.2;
const HOST_WAIT_VOID = 0.25;

function hostWait({ busyUs, hosts }: Evidence, waitUs: number): Check {
  const cpuUs = hosts.reduce((total, host) => total + host.environmentCpuUs, 0);
  const whole = busyUs > 0 ? busyUs : cpuUs + waitUs;
  const share = whole > 0 ? waitUs / whole : null;
  return {
    name: 'host-wait',
    label: 'Wait of environments for a core of this host',
    value: share,
    shown: share === null ? 'not known' : `${formatShare(share)} of the time they were at work`,
    threshold: '≤ 20%; void above 25%',
    state: share === null ? 'unknown' : atMost(share, HOST_WAIT_DOUBTFUL, HOST_WAIT_VOID),
    about: 'measurement',
    why: 'Lambda would not have made them wait; it is in every latency, and most in those of cold starts.',
  };
}

function initQueue({ initUs }: Evidence, queuedUs: number, longestUs: number): Check {
  const share = queuedUs === 0 ? 0 : initUs > 0 ? queuedUs / initUs : null;
  return {
    name: 'init-queue',
    label: 'Wait for a turn to initialise',
    value: share,
    shown:
      queuedUs === 0
        ? 'none'
        : `${formatMs(queuedUs / 1000)} in all, ${formatMs(longestUs / 1000)} at most${share === null ? '' : ` (${formatShare(share)} of the time of inits)`}`,
    threshold: '≤ 10% of the time of inits',
    state: share === null ? 'unknown' : share <= 0.1 ? 'sound' : 'doubtful',
    about: 'measurement',
    why: 'This host initialises as many environments at a time as it has cores, Lambda any number: the wait is part of cold latencies here and not there.',
  };
}

/** p99 is of one request in a hundred. */
const SKIPPED_VOID = 0.01;

function skippedInits({ requests }: Evidence, skipped: number): Check {
  const share = requests > 0 ? skipped / requests : 0;
  return {
    name: 'skipped-inits',
    label: 'Cold starts left out as this host could not follow',
    value: share,
    shown: skipped === 0 ? 'none' : shownOf(skipped, requests),
    threshold: '0; void above 1% of requests',
    state: skipped > 0 && requests === 0 ? 'doubtful' : atMost(share, 0, SKIPPED_VOID),
    about: 'measurement',
    why: 'Each waited for seconds for its environment’s turn to initialise, until one that had been used served it: Lambda would have started its own at once.',
  };
}

/** Backends whose database has a process a connection; others have one process, which is one core. */
const SEVERAL_PROCESSES: readonly string[] = ['postgres'];
const DATABASE_DOUBTFUL = 0.5;
const DATABASE_VOID = 0.9;

/**
 * A server that is busy a share ρ of its time makes work wait ρ ÷ (1 − ρ) service times on average
 * (M/M/1): as long as it takes at 50%, nine times as long at 90%. The share is that of the whole trial,
 * warm-up and ramp included, so the hold's is higher.
 */
function databaseCpu({ endpoint, cores }: Evidence, cpuUs: number, elapsedUs: number): Check {
  const ceiling = SEVERAL_PROCESSES.includes(endpoint.backend) ? cores : 1;
  const share = elapsedUs > 0 ? cpuUs / elapsedUs / ceiling : null;
  const most = ceiling === 1 ? 'the one core it can use' : `${shownCount(ceiling)} cores`;
  return {
    name: 'database-cpu',
    label: 'CPU of the database on this machine',
    value: share,
    shown: share === null ? 'not known' : `${formatShare(share)} of ${most}`,
    threshold: '≤ 50%; void above 90%',
    state: share === null ? 'unknown' : atMost(share, DATABASE_DOUBTFUL, DATABASE_VOID),
    about: 'measurement',
    why: 'From half of it on a call waits as long for the database as it is worked on: backend times are then the limit of this machine’s database, not of the one on AWS.',
  };
}
