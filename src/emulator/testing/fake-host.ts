import { createSocket } from 'node:dgram';
import { nowUs } from '../../base/clock.ts';
import type { EnvironmentProfile } from '../../model/profile.ts';
import { Aliases } from '../functions/aliases.ts';
import { newRevision, type PublishRequest, Versions } from '../functions/versions.ts';
import { newSpanId, randomHex } from '../ids.ts';
import {
  type AccountLimits,
  type AliasSettings,
  type FunctionAlias,
  type FunctionChange,
  type FunctionConcurrency,
  type FunctionConfiguration,
  type FunctionHost,
  type FunctionHostFacts,
  type FunctionHostOptions,
  type FunctionSpec,
  type InvocationRecord,
  type InvocationRequest,
  type InvocationResult,
  LATEST,
  type MeasuredInit,
  type OpenStream,
  type ProvisionedState,
} from '../types.ts';

export type Behaviour = (
  request: InvocationRequest,
  fake: FakeHost,
) => Promise<Buffer | 'refused' | 'host_capacity' | { errorType: string }>;

const FACTS: FunctionHostFacts = {
  cpuMode: 'none',
  environmentsStarted: 0,
  environmentsPeak: 0,
  environmentsLost: 0,
  environmentCpuUs: 0,
  initCpuUs: 0,
  throttledUs: 0,
  hostWaitUs: 0,
  initQueueMaxUs: 0,
  initQueueUs: 0,
  initsSkipped: 0,
  hostRefusals: 0,
  throttles: 0,
};

/** A host without processes: `behave` is the handler, the first invocation of a function is cold. */
export class FakeHost implements FunctionHost {
  readonly requests: InvocationRequest[] = [];
  behave: Behaviour = async () => answer({ statusCode: 200, body: '{"data":{}}' });
  /** What every invocation has logged. */
  logged = 'hello\n';
  readonly #options: FunctionHostOptions;
  readonly #functions = new Map<string, { versions: Versions; aliases: Aliases }>();
  readonly #environments = new Map<string, string>();
  readonly #reserved = new Map<string, number>();
  readonly #provisioned = new Map<string, number>();

  constructor(options: FunctionHostOptions) {
    this.#options = options;
  }

  concurrency(functionName: string, qualifier: string | null = null): FunctionConcurrency {
    return {
      reserved: this.reservedConcurrency(functionName),
      provisioned: stateOf(this.#provisioned.get(`${functionName}:${qualifier ?? LATEST}`) ?? 0),
    };
  }

  reservedConcurrency(functionName: string): number | null {
    return this.#reserved.get(functionName) ?? null;
  }

  reserveConcurrency(functionName: string, concurrency: number | null): void {
    if (concurrency === null) this.#reserved.delete(functionName);
    else this.#reserved.set(functionName, concurrency);
  }

  async provisionConcurrency(
    functionName: string,
    environments: number,
    qualifier: string | null = null,
  ): Promise<void> {
    this.#provisioned.set(`${functionName}:${qualifier ?? LATEST}`, environments);
  }

  provisionedConfigs(functionName: string): { qualifier: string; state: ProvisionedState }[] {
    return [...this.#provisioned].flatMap(([key, requested]) => {
      const [name, qualifier = ''] = key.split(':');
      const state = stateOf(requested);
      return name === functionName && state !== null ? [{ qualifier, state }] : [];
    });
  }

  async provisionedReady(): Promise<void> {}

  async create(spec: FunctionSpec): Promise<FunctionConfiguration> {
    const versions = new Versions({
      ...spec,
      version: LATEST,
      description: '',
      codeSha256: 'ZmFrZQ==',
      codeBytes: 4,
      logFormat: spec.logFormat ?? 'Text',
      arn: `arn:aws:lambda:${this.#options.region}:${this.#options.accountId}:function:${spec.name}`,
      logGroup: `/aws/lambda/${spec.name}`,
      ...newRevision(),
    });
    this.#functions.set(spec.name, { versions, aliases: new Aliases(versions, () => 0.5) });
    return versions.latest;
  }

  configuration(
    functionName: string,
    qualifier: string | null = null,
  ): FunctionConfiguration | undefined {
    const known = this.#functions.get(functionName);
    const alias = known?.aliases.of(qualifier ?? '');
    return known?.versions.of(alias?.functionVersion ?? qualifier ?? LATEST);
  }

  functionNames(): string[] {
    return [...this.#functions.keys()].sort();
  }

  async publishVersion(
    functionName: string,
    asked: PublishRequest = {},
  ): Promise<FunctionConfiguration> {
    return this.#function(functionName).versions.publish(asked);
  }

  versions(functionName: string): FunctionConfiguration[] {
    return this.#function(functionName).versions.list();
  }

  aliases(functionName: string): FunctionAlias[] {
    return this.#function(functionName).aliases.list();
  }

  createAlias(functionName: string, alias: AliasSettings & { name: string }): FunctionAlias {
    return this.#function(functionName).aliases.create(alias);
  }

  updateAlias(
    functionName: string,
    name: string,
    change: Partial<AliasSettings> & { revisionId?: string },
  ): FunctionAlias {
    const { aliases } = this.#function(functionName);
    const changed = aliases.changed(name, change);
    aliases.replace(changed);
    return changed;
  }

  deleteAlias(functionName: string, name: string): void {
    this.#function(functionName).aliases.delete(name);
  }

  account(): AccountLimits {
    const functionCount = this.#functions.size;
    return {
      concurrentExecutions: 1000,
      unreservedConcurrentExecutions: 1000,
      functionCount,
      codeBytes: 4 * functionCount,
    };
  }

  async update(functionName: string, change: FunctionChange): Promise<FunctionConfiguration> {
    return this.#function(functionName).versions.update(change);
  }

  #function(name: string): { versions: Versions; aliases: Aliases } {
    return this.#functions.get(name) as { versions: Versions; aliases: Aliases };
  }

  async invoke(request: InvocationRequest): Promise<InvocationResult> {
    this.requests.push(request);
    const { functionName } = request;
    const configuration = this.#ran(request);
    const { version, logFormat, memoryMb } = configuration;
    const place = `${functionName}:${version}`;
    const environment = this.#environments.get(place);
    const logStream = environment ?? `2026/11/20/[${version}]${randomHex(16)}`;
    this.#environments.set(place, logStream);
    const invokedUs = nowUs();
    const record: InvocationRecord = {
      functionName,
      qualifier: request.qualifier,
      version,
      logFormat,
      requestId: request.requestId,
      trace: request.trace,
      serviceSpanId: newSpanId(),
      functionSpanId: newSpanId(),
      invocationSpanId: newSpanId(),
      environment: logStream,
      memoryMb,
      maxMemoryMb: 64,
      receivedUs: request.receivedUs,
      answeredUs: 0,
      init:
        environment === undefined
          ? { startedUs: request.receivedUs, endedUs: invokedUs, billed: true }
          : null,
      invokedUs,
      respondedUs: 0,
      readyUs: 0,
      durationUs: 0,
      billedUs: 0,
      status: 'success',
      errorType: null,
      httpStatus: 200,
      provisioned: null,
      firstByteUs: 0,
      producedBytes: 0,
    };
    let streamed = false;
    const open = request.openStream;
    const opened = (contentType: string) => {
      streamed = true;
      return (open as OpenStream)(contentType);
    };
    const openStream = open === null ? null : opened;
    const result = await this.behave({ ...request, openStream }, this);
    if (result === 'refused') {
      this.#options.telemetry.throttle({ ...record, answeredUs: nowUs() });
      const reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
      return { kind: 'refused', reason, message: 'Rate Exceeded.' };
    }
    if (result === 'host_capacity') {
      return { kind: 'refused', reason: result, message: 'no memory left' };
    }
    const atUs = nowUs();
    this.#options.telemetry.log({ functionName, environment: logStream, atUs, message: 'hello\n' });
    if (request.trace.sampled) await this.#sendSubsegment(record, atUs);
    const endedUs = nowUs();
    Object.assign(record, {
      answeredUs: endedUs,
      respondedUs: endedUs,
      firstByteUs: endedUs,
      producedBytes: Buffer.isBuffer(result) ? result.length : 0,
      readyUs: endedUs + 100,
      durationUs: endedUs - invokedUs,
      billedUs: endedUs - invokedUs,
    });
    if (Buffer.isBuffer(result)) {
      this.#options.telemetry.invocation(record);
      return { kind: 'answer', payload: result, streamed, record };
    }
    record.status = 'error';
    record.errorType = result.errorType;
    this.#options.telemetry.invocation(record);
    const payload = Buffer.from(
      JSON.stringify({ errorType: result.errorType, errorMessage: 'no' }),
    );
    const { errorType } = result;
    return { kind: 'function_error', payload, errorType, streamed, record };
  }

  logTail(): string {
    return this.logged;
  }

  async initProblem(): Promise<string | null> {
    return null;
  }

  async measureInit(): Promise<MeasuredInit> {
    return { initUs: 100_000, loadUs: 40_000 };
  }

  async endEnvironments(functionName: string): Promise<void> {
    for (const place of this.#environments.keys()) {
      if (place.startsWith(`${functionName}:`)) this.#environments.delete(place);
    }
  }

  profile(): void {}

  takeProfiles(): EnvironmentProfile[] {
    return [];
  }

  async facts(): Promise<FunctionHostFacts> {
    return FACTS;
  }

  resetFacts(): void {}

  async close(): Promise<void> {}

  /** The version an invocation goes to. */
  #ran({ functionName, qualifier }: InvocationRequest): FunctionConfiguration {
    const { versions, aliases } = this.#function(functionName);
    const alias = aliases.of(qualifier ?? '');
    const version = alias === undefined ? (qualifier ?? LATEST) : aliases.pick(alias);
    return versions.of(version) ?? versions.latest;
  }

  async #sendSubsegment(record: InvocationRecord, atUs: number): Promise<void> {
    const document = {
      type: 'subsegment',
      id: newSpanId(),
      trace_id: record.trace.root,
      parent_id: record.invocationSpanId,
      name: 'DynamoDB',
      namespace: 'aws',
      start_time: atUs / 1e6,
      end_time: (atUs + 500) / 1e6,
      http: { response: { status: 200 } },
      aws: {
        operation: 'GetItem',
        region: this.#options.region,
        table_name: 'Tweets',
        request_id: randomHex(8),
        retries: 0,
        resource_names: ['Tweets'],
      },
    };
    await sendToDaemon(this.#options.xrayDaemonAddress, JSON.stringify(document));
  }
}

function stateOf(requested: number): ProvisionedState | null {
  return requested === 0
    ? null
    : {
        requested,
        available: requested,
        status: 'READY',
        reason: null,
        lastModified: '2026-11-20T19:15:00.000+0000',
      };
}

export function answer(result: unknown): Buffer {
  return Buffer.from(JSON.stringify(result));
}

/** One datagram in the daemon's protocol. */
export async function sendToDaemon(address: string, document: string): Promise<void> {
  await sendDatagram(address, `{"format":"json","version":1}\n${document}`);
}

export async function sendDatagram(address: string, text: string): Promise<void> {
  const [host, port] = address.split(':');
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.send(text, Number(port), host, (error) => (error === null ? resolve() : reject(error)));
  });
  socket.close();
}
