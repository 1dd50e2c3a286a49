import { cpus } from 'node:os';
import { type CgroupSupport, detectCgroups } from '../cgroups/index.ts';

/** What can be set of how functions are hosted. */
export interface FunctionHostSettings {
  /**
   * Which idle environment gets the next request. AWS documents neither; it decides how many
   * environments stay warm.
   * @default 'most-recent'
   */
  idleOrder: 'most-recent' | 'least-recent';
  /** Initialisations at a time. @default the cores of this machine */
  concurrentInits: number;
  /** Environments at a time; null: as many as free memory allows. @default null */
  maxEnvironments: number | null;
  /** Concurrent invocations of all functions together. @default 1000 */
  accountConcurrency: number;
  /**
   * Requests per second for each unit of concurrency: of the account, of what is reserved, and of what
   * is provisioned. Source: Lambda Developer Guide, "Understanding concurrency and requests per second".
   * @default 10
   */
  requestsPerConcurrency: number;
  /** New environments of a function per 10 s. @default 1000 */
  environmentsPer10S: number;
  /** @default 10_000 */
  initTimeoutMs: number;
  /**
   * A request that has waited so long for its own environment's turn to initialise takes one that is
   * idle; see init-line.ts. @default 2000
   */
  initPatienceMs: number;
  /** An environment idle for longer goes. @default 600 */
  idleLifetimeS: number;
  /** Decides which version a weighted alias stands for. @default Math.random */
  random: () => number;
  /** @default what this machine has */
  cgroups: CgroupSupport;
}

export function withDefaults(settings: Partial<FunctionHostSettings>): FunctionHostSettings {
  return {
    idleOrder: 'most-recent',
    concurrentInits: Math.max(1, cpus().length),
    maxEnvironments: null,
    accountConcurrency: 1000,
    requestsPerConcurrency: 10,
    environmentsPer10S: 1000,
    initTimeoutMs: 10_000,
    initPatienceMs: 2000,
    idleLifetimeS: 600,
    random: Math.random,
    ...settings,
    cgroups: settings.cgroups ?? detectCgroups(),
  };
}
