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
import { checkReachable, closeToOthers, copyCode, prepareNode, UNPRIVILEGED_UID } from './code.ts';
import { launcherOf } from './launch.ts';
import { Slots } from './limits.ts';
import { LogTails } from './log-tails.ts';
import { initProblemOf } from './outcomes.ts';
import { Pool, type PoolHost } from './pool.ts';
import { SHUTTING_DOWN } from './refusals.ts';
import { type FunctionHostSettings, withDefaults } from './settings.ts';

/** Kept free for the load generator, the databases and this process. */
const RESERVE_MB = 512;
/** What an environment is taken to need before it has shown its use. */
const EXPECTED_MB = 160;
const REAP_EVERY_MS = 5000;
const SAMPLE_EVERY_MS = 200;

/**
 * Hosts functions: their environments, scaling, limits and life cycle. See docs/architecture.md,
 * "The emulator".
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
  readonly #inFlight = new Map<string, number>();
  readonly #accounts: HostAccounts;
  readonly #tails = new LogTails();
  readonly #poolHost: PoolHost;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #descriptors: readonly number[];
  #total = 0;
  #closed = false;

  constructor(
    supervisor: Supervisor,
    options: FunctionHostOptions,
    settings: FunctionHostSettings,
  ) {
    this.#options = options;
    this.#settings = settings;
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
      launcher: (configuration, logStream) =>
        launcherOf(launchOptions, configuration, this.#taskRoot(configuration.name), logStream),
      refusal: (configuration) => {
        if (this.#closed) return SHUTTING_DOWN;
        const message = this.#capacityProblem(configuration);
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
    const running = this.#inFlight.get(name) ?? 0;
    const reserved = this.#settings.reservedConcurrency[name];
    if (reserved !== undefined && running >= reserved) {
      return this.#throttle(request, 'ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (this.#total >= this.#settings.accountConcurrency) {
      return this.#throttle(request, 'ConcurrentInvocationLimitExceeded');
    }
    this.#inFlight.set(name, running + 1);
    this.#total += 1;
    return new Promise((resolve) => {
      pool.invoke(request, (result) => {
        this.#inFlight.set(name, (this.#inFlight.get(name) ?? 1) - 1);
        this.#total -= 1;
        if (result.kind === 'refused') this.#count(request, result.reason);
        resolve(result);
      });
    });
  }

  logTail(requestId: string): string {
    return this.#tails.of(requestId);
  }

  reserveConcurrency(): void {
    throw new ToolError('not there yet');
  }

  async provisionConcurrency(): Promise<void> {
    throw new ToolError('not there yet');
  }

  async provisionedReady(): Promise<void> {}

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

  #throttle(request: InvocationRequest, reason: RefusalReason): Promise<InvocationResult> {
    this.#count(request, reason);
    return Promise.resolve({ kind: 'refused', reason, message: 'Rate Exceeded.' });
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

  #capacityProblem({ memoryMb }: FunctionConfiguration): string | null {
    const { maxEnvironments } = this.#settings;
    if (maxEnvironments !== null) {
      return this.#accounts.livingCount < maxEnvironments
        ? null
        : `this host runs at most ${maxEnvironments} environments at a time (maxEnvironments)`;
    }
    // Those that are starting have not taken their memory yet.
    let promisedMb = Math.min(memoryMb, EXPECTED_MB);
    for (const environment of this.#accounts.living) {
      if (environment.state === 'starting') {
        promisedMb += Math.min(environment.configuration.memoryMb, EXPECTED_MB);
      }
    }
    const freeMb = Math.floor(process.availableMemory() / 1024 / 1024);
    return freeMb - promisedMb >= RESERVE_MB
      ? null
      : `this host has no memory for another environment: ${freeMb} MB free, ${this.#accounts.livingCount} environments`;
  }

  /** One environment at a time, so that threads which end soon are seen, at a small steady cost. */
  #sampleInTurn(): void {
    let turn: IterableIterator<{ meter: { read(): unknown } | null }> = this.#accounts.living;
    this.#every(SAMPLE_EVERY_MS, () => {
      let next = turn.next();
      if (next.done === true) {
        turn = this.#accounts.living;
        next = turn.next();
      }
      if (next.done !== true) next.value.meter?.read();
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
