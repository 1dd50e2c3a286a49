import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { nowUs } from '../../base/clock.ts';
import { randomHex } from '../ids.ts';
import { LambdaRefusal } from '../lambda-refusal.ts';
import { NO_TELEMETRY } from '../telemetry/no-telemetry.ts';
import { type FunctionConfiguration, type InvocationResult, LATEST } from '../types.ts';
import { ConcurrencyLimits } from './concurrency.ts';
import type { Environment } from './environment.ts';
import { HostedFunction } from './hosted-function.ts';
import { Slots } from './limits.ts';
import type { InitializationType } from './quota.ts';
import { withDefaults } from './settings.ts';
import { fakeLaunch } from './testing/fake-launch.ts';

const ACCOUNT = 110;
const LEAST = 100;

type Step =
  | { do: 'invoke'; qualifier: string | null }
  | { do: 'end'; which: number }
  | { do: 'update'; memoryMb: number }
  | { do: 'publish' }
  | { do: 'alias'; name: string; version: number }
  | { do: 'delete'; name: string }
  | { do: 'provision'; qualifier: string; environments: number }
  | { do: 'reserve'; concurrency: number | null }
  | { do: 'renew' };

const alias = fc.constantFrom('live', 'next');
const qualifier = fc.constantFrom('live', 'next', '1', '2', '3');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('invoke' as const),
      qualifier: fc.option(qualifier, { freq: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }) },
  fc.record({ do: fc.constant('update' as const), memoryMb: fc.constantFrom(128, 256, 512) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('publish' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('alias' as const),
      name: alias,
      version: fc.integer({ min: 1, max: 3 }),
    }),
  },
  fc.record({ do: fc.constant('delete' as const), name: alias }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('provision' as const),
      qualifier,
      environments: fc.nat(4),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      concurrency: fc.option(fc.nat(12), { freq: 3 }),
    }),
  },
  fc.record({ do: fc.constant('renew' as const) }),
);

/** So that what follows finds versions and an alias. */
const BEGINNING: Step[] = [
  { do: 'publish' },
  { do: 'update', memoryMb: 256 },
  { do: 'publish' },
  { do: 'alias', name: 'live', version: 1 },
  { do: 'provision', qualifier: 'live', environments: 2 },
];

interface Running {
  version: string;
  memoryMb: number;
  initialization: InitializationType;
  release(): void;
  result: Promise<InvocationResult>;
}

/** One function whose invocations last until they are released. */
class Subject {
  readonly limits = new ConcurrencyLimits(ACCOUNT, 1e9);
  readonly living = new Set<Environment>();
  readonly running = new Map<string, Running>();
  readonly hosted: HostedFunction;
  readonly #served = new Map<string, (running: Omit<Running, 'result'>) => void>();

  constructor() {
    this.hosted = new HostedFunction(
      {
        settings: withDefaults({
          environmentsPer10S: 1e6,
          requestsPerConcurrency: 1e9,
          cgroups: { version: null, quotas: false, reason: 'fake', mend: null },
        }),
        telemetry: NO_TELEMETRY,
        initSlots: new Slots(2),
        onLine: () => {},
        launcher: (configuration, logStream, initialization) =>
          fakeLaunch({ configuration, logStream, initialization }, (event) =>
            this.#serve(String(event), configuration, initialization),
          ),
        refusal: () => null,
        environmentStarted: (environment) => this.living.add(environment),
        environmentGone: (environment) => this.living.delete(environment),
        environmentsQueued: () => {},
        idleCpuShare: () => 1,
        waitedForInit: () => {},
        initSkipped: () => {},
      },
      this.limits,
      configurationOf(),
    );
  }

  #serve(id: string, configuration: FunctionConfiguration, initialization: InitializationType) {
    const { version, memoryMb } = configuration;
    return new Promise<void>((release) =>
      this.#served.get(id)?.({ version, memoryMb, initialization, release }),
    );
  }

  /** null: there is no such qualifier. */
  async invoke(qualifier: string | null): Promise<Running | InvocationResult | null> {
    const id = randomHex(8);
    const served = new Promise<Omit<Running, 'result'>>((resolve) => this.#served.set(id, resolve));
    const { promise: result, resolve } = Promise.withResolvers<InvocationResult>();
    const known = this.hosted.invoke(requestOf(id, qualifier), resolve);
    if (!known) return null;
    const first = await Promise.race([served, result]);
    if ('kind' in first) return first;
    const running = { ...first, result };
    this.running.set(id, running);
    return running;
  }

  async end(id: string): Promise<void> {
    const running = this.running.get(id);
    this.running.delete(id);
    running?.release();
    expect((await running?.result)?.kind).toBe('answer');
  }

  /** Nothing starts, ends or is about to. */
  async quiet(): Promise<void> {
    await vi.waitFor(
      () => {
        for (const { state } of this.living) expect(['idle', 'busy']).toContain(state);
        const busy = [...this.living].filter(({ state }) => state === 'busy').length;
        expect(busy).toBe(this.running.size);
      },
      { timeout: 10_000, interval: 1 },
    );
  }

  onDemand(): number {
    return [...this.running.values()].filter((each) => each.initialization === 'on-demand').length;
  }

  /** Invocations on provisioned environments of a version. */
  busy(version: string): number {
    return [...this.running.values()].filter(
      (each) => each.version === version && each.initialization !== 'on-demand',
    ).length;
  }
}

/** What the function should be, without environments. */
class Model {
  memoryMb = 128;
  readonly published: number[] = [];
  readonly aliases = new Map<string, string>();
  readonly provisioned = new Map<string, number>();
  reserved: number | null = null;

  versionOf(qualifier: string | null): string | null {
    if (qualifier === null) return LATEST;
    const version = this.aliases.get(qualifier) ?? qualifier;
    return this.memoryOf(version) === undefined ? null : version;
  }

  memoryOf(version: string): number | undefined {
    return version === LATEST ? this.memoryMb : this.published[Number(version) - 1];
  }

  total(without = ''): number {
    let total = 0;
    for (const [name, count] of this.provisioned) if (name !== without) total += count;
    return total;
  }

  /** Invocations that may run on demand. */
  limit(): number {
    return (this.reserved ?? ACCOUNT) - this.total();
  }

  /** Whether another qualifier has provisioned environments of the version. */
  isTaken(qualifier: string, version: string): boolean {
    return [...this.provisioned.keys()].some(
      (other) => other !== qualifier && this.versionOf(other) === version,
    );
  }

  mayProvision(qualifier: string, environments: number): boolean {
    const version = this.versionOf(qualifier);
    if (version === null) return false;
    if (environments > 0 && this.isTaken(qualifier, version)) return false;
    return this.total(qualifier) + environments <= (this.reserved ?? ACCOUNT - LEAST);
  }

  mayReserve(concurrency: number | null): boolean {
    if (concurrency === null) return true;
    return concurrency >= this.total() && concurrency <= ACCOUNT - LEAST;
  }
}

async function accepted(action: () => unknown): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (error instanceof LambdaRefusal) return false;
    throw error;
  }
}

async function take(step: Step, subject: Subject, model: Model): Promise<void> {
  const { hosted, limits } = subject;
  switch (step.do) {
    case 'invoke': {
      const version = model.versionOf(step.qualifier);
      const onDemand = subject.onDemand();
      const state = hosted
        .provisionedConfigs()
        .find((c) => model.versionOf(c.qualifier) === version);
      const free = (state?.state.available ?? 0) - (version === null ? 0 : subject.busy(version));
      const outcome = await subject.invoke(step.qualifier);
      if (version === null) expect(outcome).toBeNull();
      else if (outcome !== null && 'kind' in outcome) {
        expect([outcome.kind, onDemand >= model.limit(), free <= 0]).toEqual([
          'refused',
          true,
          true,
        ]);
      } else {
        expect(outcome).toMatchObject({ version, memoryMb: model.memoryOf(version) });
        if (outcome?.initialization === 'on-demand') expect(onDemand).toBeLessThan(model.limit());
        if (free > 0) expect(outcome?.initialization).toBe('provisioned-concurrency');
      }
      break;
    }
    case 'end': {
      const ids = [...subject.running.keys()];
      const id = ids[step.which % Math.max(1, ids.length)];
      if (id !== undefined) await subject.end(id);
      break;
    }
    case 'update':
      hosted.update({ memoryMb: step.memoryMb });
      model.memoryMb = step.memoryMb;
      break;
    case 'publish': {
      const { version } = hosted.publish({});
      if (model.published.at(-1) !== model.memoryMb) model.published.push(model.memoryMb);
      expect(version).toBe(String(model.published.length));
      break;
    }
    case 'alias': {
      const { name } = step;
      const version = String(step.version);
      const settings = { functionVersion: version, description: '', routing: null };
      const moves = model.aliases.has(name);
      const may =
        model.memoryOf(version) !== undefined &&
        !(model.provisioned.has(name) && model.isTaken(name, version));
      const done = await accepted(() =>
        moves ? hosted.updateAlias(name, settings) : hosted.createAlias({ name, ...settings }),
      );
      expect(done).toBe(may);
      if (done) model.aliases.set(name, version);
      break;
    }
    case 'delete':
      hosted.deleteAlias(step.name);
      model.provisioned.delete(step.name);
      model.aliases.delete(step.name);
      break;
    case 'provision': {
      const { qualifier, environments } = step;
      const may = model.mayProvision(qualifier, environments);
      // Where a busy one is to go first they are not ready before it has.
      const asked = accepted(() => hosted.provision(qualifier, environments));
      const isBusy = subject.running.size > 0 && may;
      if (!isBusy) expect(await asked).toBe(may);
      if (may && environments > 0) model.provisioned.set(qualifier, environments);
      if (may && environments === 0) model.provisioned.delete(qualifier);
      break;
    }
    case 'reserve':
      expect(await accepted(() => limits.reserve('f', step.concurrency))).toBe(
        model.mayReserve(step.concurrency),
      );
      if (model.mayReserve(step.concurrency)) model.reserved = step.concurrency;
      break;
    case 'renew':
      for (const pool of hosted.pools) pool.retireAll();
  }
  await subject.quiet();
}

function checkProvisioned({ hosted, running }: Subject, model: Model): void {
  const found = new Map(hosted.provisionedConfigs().map((each) => [each.qualifier, each.state]));
  expect([...found.keys()].sort()).toEqual([...model.provisioned.keys()].sort());
  for (const [qualifier, requested] of model.provisioned) {
    expect(found.get(qualifier)?.requested).toBe(requested);
    // A busy one that is to go holds the place of its successor.
    if (running.size > 0) continue;
    expect(found.get(qualifier)).toMatchObject({ available: requested, status: 'READY' });
  }
}

/** Nothing is held, nothing lives, and every invocation that was counted in was counted out. */
async function checkNothingLeft({ hosted, limits, living }: Subject, room: number): Promise<void> {
  for (const { qualifier } of hosted.provisionedConfigs()) await hosted.provision(qualifier, 0);
  await Promise.all([...hosted.pools].map((pool) => pool.endAll()));
  expect(living.size).toBe(0);
  let entered = 0;
  while (limits.enter('f') === null) entered += 1;
  expect(entered).toBe(room);
}

test('any order of calls, changes and limits: the right version, the right limit, nothing left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 40 }), async (begun, steps) => {
      const subject = new Subject();
      const model = new Model();
      for (const each of begun ? [...BEGINNING, ...steps] : steps) {
        await take(each, subject, model);
        checkProvisioned(subject, model);
      }
      for (const id of [...subject.running.keys()]) await subject.end(id);
      await subject.quiet();
      checkProvisioned(subject, model);
      await checkNothingLeft(subject, model.reserved ?? ACCOUNT);
    }),
    { seed: 20_261_121, numRuns: 80 },
  );
}, 60_000);

/** A step that waits for nothing: environments start, answer and end while the next ones are taken. */
function rush(step: Step, subject: Subject, asked: Promise<unknown>[]): void {
  const { hosted, limits } = subject;
  const settings = { description: '', routing: null };
  switch (step.do) {
    case 'invoke':
      asked.push(
        subject.invoke(step.qualifier).then(async (running) => {
          if (running === null || 'kind' in running) return;
          running.release();
          expect((await running.result).kind).toBe('answer');
        }),
      );
      break;
    case 'update':
      hosted.update({ memoryMb: step.memoryMb });
      break;
    case 'publish':
      hosted.publish({});
      break;
    case 'alias': {
      const { name } = step;
      const alias = { ...settings, functionVersion: String(step.version) };
      asked.push(accepted(() => hosted.createAlias({ name, ...alias })));
      asked.push(accepted(() => hosted.updateAlias(name, alias)));
      break;
    }
    case 'delete':
      hosted.deleteAlias(step.name);
      break;
    case 'provision':
      asked.push(accepted(() => hosted.provision(step.qualifier, step.environments)));
      break;
    case 'reserve':
      asked.push(accepted(() => limits.reserve('f', step.concurrency)));
      break;
    default:
      for (const pool of hosted.pools) pool.retireAll();
  }
}

test('all at once: every call and every change ends, and nothing is left', async () => {
  const pauses = fc.array(fc.boolean(), { minLength: 45, maxLength: 45 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), pauses, async (steps, paused) => {
      const subject = new Subject();
      const asked: Promise<unknown>[] = [];
      for (const [i, each] of [...BEGINNING, ...steps].entries()) {
        rush(each, subject, asked);
        if (paused[i] === true) await nextTurn();
      }
      await Promise.all(asked);
      for (const { qualifier, state } of subject.hosted.provisionedConfigs()) {
        await subject.hosted.provisionedReady(qualifier);
        const now = subject.hosted.provisioned(qualifier);
        expect(now).toMatchObject({ available: state.requested, status: 'READY' });
      }
      await checkNothingLeft(subject, subject.limits.reservedFor('f') ?? ACCOUNT);
    }),
    { seed: 20_261_121, numRuns: 25 },
  );
}, 60_000);

function configurationOf(): FunctionConfiguration {
  return {
    name: 'f',
    runtime: 'nodejs24.x',
    codeFolder: '/nowhere',
    handler: { file: 'index.mjs', exportName: 'handler' },
    memoryMb: 128,
    timeoutS: 60,
    environment: {},
    version: LATEST,
    description: '',
    codeSha256: '',
    codeBytes: 0,
    logFormat: 'Text',
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
    logGroup: '/aws/lambda/f',
    revisionId: 'r',
    lastModified: '',
    lastUpdateStatus: 'Successful',
  };
}

function requestOf(id: string, qualifier: string | null) {
  return {
    functionName: 'f',
    qualifier,
    requestId: id,
    payload: Buffer.from(JSON.stringify(id)),
    trace: { root: `1-5f84c7a1-${randomHex(12)}`, parent: null, sampled: true },
    clientContext: null,
    receivedUs: nowUs(),
    openStream: null,
  };
}
