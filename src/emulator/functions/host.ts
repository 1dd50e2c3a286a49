import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nowUs } from '../../base/clock.ts';
import { ToolError, UsageError } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { openGroups } from '../cgroups/index.ts';
import { newSpanId, randomHex } from '../ids.ts';
import type {
  FunctionConcurrency,
  FunctionConfiguration,
  FunctionHost,
  FunctionHostOptions,
  FunctionSpec,
  InvocationRequest,
  InvocationResult,
  MeasuredInit,
  RefusalReason,
} from '../types.ts';
import { HostAccounts } from './accounts.ts';
import { capacityProblem } from './capacity.ts';
import { checkReachable, closeToOthers, copyCode, prepareNode, UNPRIVILEGED_UID } from './code.ts';
import { ConcurrencyLimits } from './concurrency.ts';
import { launcherOf } from './launch.ts';
import { Slots } from './limits.ts';
import { LogTails } from './log-tails.ts';
import { initProblemOf } from './outcomes.ts';
import { Pool } from './pool.ts';
import type { PoolHost } from './pool-host.ts';
import { SHUTTING_DOWN } from './refusals.ts';
import { type FunctionHostSettings, withDefaults } from './settings.ts';

const REAP_EVERY_MS = 5000;
const SAMPLE_EVERY_MS = 200;

/**
 * Hosts functions: their environments, scaling, limits and life cycle. See docs/architecture.md,
 * "The local Lambda".
 */
export async function createFunctionHost(
  supervisor: Supervisor,
  options: FunctionHostOptions,
  settings: Partial<FunctionHostSettings> = {},
): Promise<FunctionHost> {
  return new LocalFunctionHost(supervisor, options, withDefaults(settings));
}

class LocalFunctionHost implements FunctionHost {
  readonly #options: FunctionHostOptions;
  readonly #settings: FunctionHostSettings;
  readonly #folder: string;
  readonly #pools = new Map<string, Pool>();
  readonly #limits: ConcurrencyLimits;
  readonly #accounts: HostAccounts;
  readonly #tails = new LogTails();
  readonly #poolHost: PoolHost;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #descriptors: readonly number[];
  #closed = false;

  constructor(
    supervisor: Supervisor,
    options: FunctionHostOptions,
    settings: FunctionHostSettings,
  ) {
    this.#options = options;
    this.#settings = settings;
    this.#limits = new ConcurrencyLimits(settings.accountConcurrency);
    this.#folder = supervisor.ownFolder('bench-functions');
    const uid = process.getuid?.() === 0 ? UNPRIVILEGED_UID : undefined;
    if (uid !== undefined) checkReachable(this.#folder);
    closeToOthers(this.#folder, uid);
    const groups = openGroups(supervisor, settings.cgroups, `bench-${process.pid}-${randomHex(4)}`);
    this.#accounts = new HostAccounts(groups === null ? 'none' : 'quota');
    const node = prepareNode(this.#folder, uid);
    this.#descriptors = node.descriptors;
    const launchOptions = { supervisor, options, groups, uid, node, folder: this.#folder };
    this.#poolHost = {
      settings,
      telemetry: options.telemetry,
      initSlots: new Slots(settings.concurrentInits),
      onLine: (requestId, line) => this.#tails.add(requestId, line),
      launcher: (configuration, logStream, initialization) => {
        const taskRoot = this.#taskRoot(configuration.name);
        return launcherOf(launchOptions, configuration, taskRoot, logStream, initialization);
      },
      refusal: ({ memoryMb }, environments) => {
        if (this.#closed) return SHUTTING_DOWN;
        const asked = { memoryMb, environments };
        const message = capacityProblem(this.#accounts, settings.maxEnvironments, asked);
        return message === null ? null : { kind: 'refused', reason: 'host_capacity', message };
      },
      environmentStarted: (environment) => this.#accounts.environmentStarted(environment),
      environmentGone: (environment, expected) =>
        this.#accounts.environmentGone(environment, expected),
      waitedForInit: (us) => this.#accounts.waitedForInit(us),
    };
    this.#every(REAP_EVERY_MS, () => {
      const beforeUs = nowUs() - settings.idleLifetimeS * 1_000_000;
      for (const pool of this.#pools.values()) pool.reap(beforeUs);
    });
    this.#sampleInTurn();
  }

  async create(spec: FunctionSpec): Promise<FunctionConfiguration> {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(spec.name)) {
      throw new UsageError(`function name ${spec.name}: 1–64 letters, digits, - and _ are allowed`);
    }
    if (this.#pools.has(spec.name)) throw new UsageError(`function ${spec.name} exists already`);
    await copyCode(spec, this.#taskRoot(spec.name));
    const { region, accountId } = this.#options;
    const configuration: FunctionConfiguration = {
      ...spec,
      environment: { ...spec.environment },
      arn: `arn:aws:lambda:${region}:${accountId}:function:${spec.name}`,
      logGroup: `/aws/lambda/${spec.name}`,
      ...revision(),
    };
    this.#pools.set(spec.name, new Pool(this.#poolHost, configuration));
    return configuration;
  }

  configuration(functionName: string): FunctionConfiguration | undefined {
    return this.#pools.get(functionName)?.configuration;
  }

  async update(
    functionName: string,
    change: Partial<Pick<FunctionSpec, 'memoryMb' | 'timeoutS' | 'environment'>>,
  ): Promise<FunctionConfiguration> {
    const pool = this.#pool(functionName);
    pool.configuration = { ...pool.configuration, ...change, ...revision() };
    pool.retireAll();
    return pool.configuration;
  }

  invoke(request: InvocationRequest): Promise<InvocationResult> {
    const name = request.functionName;
    const pool = this.#pools.get(name);
    if (this.#closed || pool === undefined) {
      const unknown = { ...SHUTTING_DOWN, message: `there is no function ${name}` };
      return Promise.resolve(this.#closed ? SHUTTING_DOWN : unknown);
    }
    const reason = this.#limits.enter(name);
    if (reason !== null) {
      this.#count(request, reason);
      return Promise.resolve({ kind: 'refused', reason, message: 'Rate Exceeded.' });
    }
    return new Promise((resolve) => {
      pool.invoke(request, (result) => {
        this.#limits.leave(name);
        if (result.kind === 'refused') this.#count(request, result.reason);
        resolve(result);
      });
    });
  }

  logTail(requestId: string): string {
    return this.#tails.of(requestId);
  }

  concurrency(functionName: string): FunctionConcurrency {
    const { provisioned } = this.#pool(functionName);
    return { reserved: this.#limits.reservedFor(functionName), provisioned: provisioned.state };
  }

  reserveConcurrency(functionName: string, concurrency: number | null): void {
    const provisioned = this.concurrency(functionName).provisioned?.requested ?? 0;
    if (concurrency !== null && concurrency < provisioned) {
      throw new UsageError(
        `ReservedConcurrentExecutions ${concurrency} should not be lower than function's total provisioned concurrency [${provisioned}].`,
      );
    }
    this.#limits.reserve(functionName, concurrency);
  }

  async provisionConcurrency(functionName: string, environments: number): Promise<void> {
    const { reserved } = this.concurrency(functionName);
    if (reserved !== null && environments > reserved) {
      throw new UsageError(
        'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
      );
    }
    await this.#pool(functionName).provisioned.set(environments);
  }

  async provisionedReady(functionName: string): Promise<void> {
    await this.#pool(functionName).provisioned.ready();
  }

  async initProblem(functionName: string): Promise<string | null> {
    const outcome = await this.#pool(functionName).tryInit(false);
    return initProblemOf(outcome, this.#settings.initTimeoutMs);
  }

  async measureInit(functionName: string): Promise<MeasuredInit> {
    const outcome = await this.#pool(functionName).tryInit(true);
    if (outcome.kind === 'ready') {
      return { initUs: outcome.endedUs - outcome.startedUs, loadUs: outcome.loadUs };
    }
    throw new ToolError(
      `${functionName} ${initProblemOf(outcome, this.#settings.initTimeoutMs) ?? ''}`,
    );
  }

  async endEnvironments(functionName: string): Promise<void> {
    await this.#pool(functionName).endAll();
  }

  async facts() {
    return this.#accounts.facts();
  }

  resetFacts(): void {
    this.#accounts.reset();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all([...this.#pools.values()].map((pool) => pool.killAll()));
    for (const descriptor of this.#descriptors) closeSync(descriptor);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #pool(functionName: string): Pool {
    const pool = this.#pools.get(functionName);
    if (pool === undefined) throw new UsageError(`there is no function ${functionName}`);
    return pool;
  }

  #taskRoot(functionName: string): string {
    return join(this.#folder, `function-${functionName}`);
  }

  #count(request: InvocationRequest, reason: RefusalReason): void {
    if (reason === 'closed') return;
    if (reason === 'host_capacity') {
      this.#accounts.hostRefused();
      return;
    }
    this.#accounts.throttled();
    const { functionName, requestId, trace, receivedUs } = request;
    this.#options.telemetry.throttle({
      functionName,
      requestId,
      trace,
      receivedUs,
      serviceSpanId: newSpanId(),
      answeredUs: nowUs(),
    });
  }

  /** One environment at a time, so that threads which end soon are seen, at a small steady cost. */
  #sampleInTurn(): void {
    let turn: IterableIterator<{ reading(): unknown }> = this.#accounts.living;
    this.#every(SAMPLE_EVERY_MS, () => {
      let next = turn.next();
      if (next.done === true) {
        turn = this.#accounts.living;
        next = turn.next();
      }
      if (next.done !== true) next.value.reading();
    });
  }

  #every(ms: number, action: () => void): void {
    const timer = setInterval(action, ms);
    timer.unref();
    this.#timers.push(timer);
  }
}

function revision(): Pick<
  FunctionConfiguration,
  'revisionId' | 'lastModified' | 'lastUpdateStatus'
> {
  return {
    revisionId: randomUUID(),
    lastModified: new Date().toISOString().replace('Z', '+0000'),
    lastUpdateStatus: 'Successful',
  };
}
