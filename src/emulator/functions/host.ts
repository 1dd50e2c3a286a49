import { closeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nowUs } from '../../base/clock.ts';
import { ToolError, UsageError } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { EnvironmentProfile, ProfileOrder } from '../../model/profile.ts';
import { openGroups } from '../cgroups/index.ts';
import { newSpanId, randomHex } from '../ids.ts';
import {
  type AccountLimits,
  type AliasSettings,
  type FunctionAlias,
  type FunctionChange,
  type FunctionConcurrency,
  type FunctionConfiguration,
  type FunctionHost,
  type FunctionHostOptions,
  type FunctionSpec,
  type InvocationRequest,
  type InvocationResult,
  LATEST,
  type MeasuredInit,
  type ProvisionedState,
  type RefusalReason,
} from '../types.ts';
import { HostAccounts } from './accounts.ts';
import { capacityProblem } from './capacity.ts';
import {
  checkReachable,
  closeToOthers,
  codeFacts,
  copyCode,
  prepareNode,
  UNPRIVILEGED_UID,
} from './code.ts';
import { ConcurrencyLimits } from './concurrency.ts';
import { HostedFunction } from './hosted-function.ts';
import { IdleCpu } from './idle-cpu.ts';
import { launcherOf } from './launch.ts';
import { Slots } from './limits.ts';
import { LogTails } from './log-tails.ts';
import { initProblemOf } from './outcomes.ts';
import type { Pool } from './pool.ts';
import type { PoolHost } from './pool-host.ts';
import { Profiles } from './profile.ts';
import { SHUTTING_DOWN } from './refusals.ts';
import { type FunctionHostSettings, withDefaults } from './settings.ts';
import { newRevision, type PublishRequest } from './versions.ts';

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
  readonly #functions = new Map<string, HostedFunction>();
  /** Names of functions that are being created. */
  readonly #creating = new Set<string>();
  readonly #limits: ConcurrencyLimits;
  readonly #accounts: HostAccounts;
  readonly #tails = new LogTails();
  readonly #profiles = new Profiles();
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
    this.#limits = new ConcurrencyLimits(
      settings.accountConcurrency,
      settings.requestsPerConcurrency,
    );
    this.#folder = supervisor.ownFolder('bench-functions');
    const uid = process.getuid?.() === 0 ? UNPRIVILEGED_UID : undefined;
    if (uid !== undefined) checkReachable(this.#folder);
    closeToOthers(this.#folder, uid);
    const groups = openGroups(supervisor, settings.cgroups, `bench-${process.pid}-${randomHex(4)}`);
    this.#accounts = new HostAccounts(groups === null ? 'none' : 'quota');
    const node = prepareNode(this.#folder, uid);
    this.#descriptors = node.descriptors;
    const profiles = this.#profiles;
    const launchOptions = {
      supervisor,
      options,
      groups,
      uid,
      node,
      profiles,
      folder: this.#folder,
    };
    const idleCpu = new IdleCpu();
    this.#poolHost = {
      settings,
      telemetry: profiles.watching(options.telemetry),
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
      environmentsQueued: (more) => this.#accounts.environmentsQueued(more),
      idleCpuShare: () => idleCpu.share(),
      waitedForInit: (us) => this.#accounts.waitedForInit(us),
      initSkipped: () => this.#accounts.initSkipped(),
    };
    this.#every(REAP_EVERY_MS, () => {
      const beforeUs = nowUs() - settings.idleLifetimeS * 1_000_000;
      for (const pool of this.#allPools()) pool.reap(beforeUs);
    });
    this.#sampleInTurn();
  }

  async create(spec: FunctionSpec): Promise<FunctionConfiguration> {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(spec.name)) {
      throw new UsageError(`function name ${spec.name}: 1–64 letters, digits, - and _ are allowed`);
    }
    if (this.#functions.has(spec.name) || this.#creating.has(spec.name)) {
      throw new UsageError(`function ${spec.name} exists already`);
    }
    this.#creating.add(spec.name);
    try {
      const taskRoot = this.#taskRoot(spec.name);
      await copyCode(spec, taskRoot);
      const { region, accountId } = this.#options;
      const configuration: FunctionConfiguration = {
        ...spec,
        environment: { ...spec.environment },
        version: LATEST,
        description: '',
        ...(await codeFacts(taskRoot)),
        logFormat: spec.logFormat ?? 'Text',
        arn: `arn:aws:lambda:${region}:${accountId}:function:${spec.name}`,
        logGroup: `/aws/lambda/${spec.name}`,
        ...newRevision(),
      };
      const hosted = new HostedFunction(this.#poolHost, this.#limits, configuration);
      this.#functions.set(spec.name, hosted);
      return configuration;
    } finally {
      this.#creating.delete(spec.name);
    }
  }

  configuration(
    functionName: string,
    qualifier: string | null = null,
  ): FunctionConfiguration | undefined {
    return this.#functions.get(functionName)?.configuration(qualifier);
  }

  functionNames(): string[] {
    return [...this.#functions.keys()].sort();
  }

  async update(functionName: string, change: FunctionChange): Promise<FunctionConfiguration> {
    return this.#function(functionName).update(change);
  }

  async publishVersion(
    functionName: string,
    asked: PublishRequest = {},
  ): Promise<FunctionConfiguration> {
    return this.#function(functionName).publish(asked);
  }

  versions(functionName: string): FunctionConfiguration[] {
    return this.#function(functionName).versions.list();
  }

  aliases(functionName: string): FunctionAlias[] {
    return this.#function(functionName).aliases;
  }

  createAlias(functionName: string, alias: AliasSettings & { name: string }): FunctionAlias {
    return this.#function(functionName).createAlias(alias);
  }

  updateAlias(
    functionName: string,
    name: string,
    change: Partial<AliasSettings> & { revisionId?: string },
  ): FunctionAlias {
    return this.#function(functionName).updateAlias(name, change);
  }

  deleteAlias(functionName: string, name: string): void {
    this.#function(functionName).deleteAlias(name);
  }

  account(): AccountLimits {
    let codeBytes = 0;
    for (const { versions } of this.#functions.values()) {
      for (const version of versions.list()) codeBytes += version.codeBytes;
    }
    return {
      concurrentExecutions: this.#settings.accountConcurrency,
      unreservedConcurrentExecutions: this.#limits.unreserved,
      functionCount: this.#functions.size,
      codeBytes,
    };
  }

  invoke(request: InvocationRequest): Promise<InvocationResult> {
    if (this.#closed) return Promise.resolve(SHUTTING_DOWN);
    return new Promise((resolve) => {
      const { functionName, qualifier } = request;
      const known = this.#functions.get(functionName)?.invoke(request, (result) => {
        if (result.kind === 'refused') this.#count(request, result.reason);
        resolve(result);
      });
      if (known === true) return;
      const named = qualifier === null ? functionName : `${functionName}:${qualifier}`;
      resolve({ ...SHUTTING_DOWN, message: `there is no function ${named}` });
    });
  }

  logTail(requestId: string): string {
    return this.#tails.of(requestId);
  }

  concurrency(functionName: string, qualifier: string | null = null): FunctionConcurrency {
    return {
      provisioned: this.#function(functionName).provisioned(qualifier),
      reserved: this.reservedConcurrency(functionName),
    };
  }

  reservedConcurrency(functionName: string): number | null {
    return this.#limits.reservedFor(functionName);
  }

  provisionedConfigs(functionName: string): { qualifier: string; state: ProvisionedState }[] {
    return this.#function(functionName).provisionedConfigs();
  }

  reserveConcurrency(functionName: string, concurrency: number | null): void {
    this.#function(functionName);
    this.#limits.reserve(functionName, concurrency);
  }

  async provisionConcurrency(
    functionName: string,
    environments: number,
    qualifier: string | null = null,
  ): Promise<void> {
    await this.#function(functionName).provision(qualifier, environments);
  }

  async provisionedReady(functionName: string, qualifier: string | null = null): Promise<void> {
    await this.#function(functionName).provisionedReady(qualifier);
  }

  async initProblem(functionName: string): Promise<string | null> {
    const outcome = await this.#function(functionName).latest.tryInit(false);
    return initProblemOf(outcome, this.#settings.initTimeoutMs);
  }

  async measureInit(functionName: string): Promise<MeasuredInit> {
    const outcome = await this.#function(functionName).latest.tryInit(true);
    if (outcome.kind === 'ready') {
      return { initUs: outcome.endedUs - outcome.startedUs, loadUs: outcome.loadUs };
    }
    throw new ToolError(
      `${functionName} ${initProblemOf(outcome, this.#settings.initTimeoutMs) ?? ''}`,
    );
  }

  profile(functionName: string, order: ProfileOrder | null): void {
    this.#function(functionName);
    this.#profiles.order(functionName, order);
  }

  takeProfiles(functionName: string): EnvironmentProfile[] {
    return this.#profiles.take(functionName);
  }

  async endEnvironments(functionName: string): Promise<void> {
    const { pools } = this.#function(functionName);
    await Promise.all([...pools].map((pool) => pool.endAll()));
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
    await Promise.all([...this.#allPools()].map((pool) => pool.killAll()));
    for (const descriptor of this.#descriptors) closeSync(descriptor);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #function(functionName: string): HostedFunction {
    const hosted = this.#functions.get(functionName);
    if (hosted === undefined) throw new UsageError(`there is no function ${functionName}`);
    return hosted;
  }

  *#allPools(): Iterable<Pool> {
    for (const { pools } of this.#functions.values()) yield* pools;
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
    const { functionName, qualifier, requestId, trace, receivedUs } = request;
    this.#options.telemetry.throttle({
      functionName,
      qualifier,
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
