import { formatMs, formatShare } from '../../base/numbers.ts';
import type { HostFacts } from '../../model/trial.ts';
import { atMost, type BareCheck, type State, shownCount } from './check.ts';
import type { Evidence } from './evidence.ts';

/** Where Lambda ran on a machine of ours: did the machine lie about Lambda? */
export function hostChecks(evidence: Evidence): BareCheck[] {
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
    why: string,
  ): BareCheck => ({
    name,
    label,
    value: sum(key),
    shown: shownCount(sum(key)),
    threshold: '0',
    state: sum(key) === 0 ? 'sound' : otherwise,
    why,
  });
  return [
    quota,
    hostWait(evidence, sum('hostWaitUs')),
    initQueue(evidence, sum('initQueueUs'), Math.max(...hosts.map((h) => h.initQueueMaxUs))),
    count(
      'host-refusals',
      'Requests refused for want of memory on this host',
      'hostRefusals',
      'void',
      'Lambda would have started another environment: what was measured is the size of this machine.',
    ),
    count(
      'throttles',
      'Throttled requests',
      'throttles',
      'doubtful',
      'They met a concurrency limit as they would on Lambda; latency figures are without them.',
    ),
    count(
      'lost-environments',
      'Environments that ended by themselves',
      'environmentsLost',
      'doubtful',
      'Crashes, timeouts and exhausted memory make cold starts of their own.',
    ),
    count(
      'lost-datagrams',
      'X-Ray datagrams the kernel dropped',
      'lostDatagrams',
      'doubtful',
      'Each may have been a backend call that is now counted as handler time.',
    ),
  ];
}

function cpuQuota({ cpuMode, severalMemorySizes }: Evidence): BareCheck {
  const has = cpuMode === 'quota';
  return {
    name: 'cpu-quota',
    label: 'CPU in proportion to memory',
    value: has ? 1 : 0,
    shown: has ? 'by cgroup quota' : 'no quota',
    threshold: 'a quota',
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

function hostWait({ busyUs, hosts }: Evidence, waitUs: number): BareCheck {
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
    why: 'Lambda would not have made them wait; it is in every latency, and most in those of cold starts.',
  };
}

function initQueue({ initUs }: Evidence, queuedUs: number, longestUs: number): BareCheck {
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
    why: 'This host initialises as many environments at a time as it has cores, Lambda any number: the wait is part of cold latencies here and not there.',
  };
}
