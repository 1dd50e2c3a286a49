import { createSocket } from 'node:dgram';
import { nowUs } from '../../base/clock.ts';
import { newSpanId, randomHex } from '../ids.ts';
import type {
  FunctionConcurrency,
  FunctionConfiguration,
  FunctionHost,
  FunctionHostFacts,
  FunctionHostOptions,
  FunctionSpec,
  InvocationRecord,
  InvocationRequest,
  InvocationResult,
  MeasuredInit,
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
  readonly #functions = new Map<string, FunctionConfiguration>();
  readonly #environments = new Map<string, string>();
  readonly #reserved = new Map<string, number>();
  readonly #provisioned = new Map<string, number>();

  constructor(options: FunctionHostOptions) {
    this.#options = options;
  }

  concurrency(functionName: string): FunctionConcurrency {
    const requested = this.#provisioned.get(functionName) ?? 0;
    return {
      reserved: this.#reserved.get(functionName) ?? null,
      provisioned:
        requested === 0
          ? null
          : {
              requested,
              available: requested,
              status: 'READY',
              reason: null,
              lastModified: '2026-11-20T19:15:00.000+0000',
            },
    };
  }

  reserveConcurrency(functionName: string, concurrency: number | null): void {
    if (concurrency === null) this.#reserved.delete(functionName);
    else this.#reserved.set(functionName, concurrency);
  }

  async provisionConcurrency(functionName: string, environments: number): Promise<void> {
    this.#provisioned.set(functionName, environments);
  }

  async provisionedReady(): Promise<void> {}

  async create(spec: FunctionSpec): Promise<FunctionConfiguration> {
    const configuration: FunctionConfiguration = {
      ...spec,
      arn: `arn:aws:lambda:${this.#options.region}:${this.#options.accountId}:function:${spec.name}`,
      logGroup: `/aws/lambda/${spec.name}`,
      revisionId: randomHex(16),
      lastModified: new Date().toISOString(),
      lastUpdateStatus: 'Successful',
    };
    this.#functions.set(spec.name, configuration);
    return configuration;
  }

  configuration(functionName: string): FunctionConfiguration | undefined {
    return this.#functions.get(functionName);
  }

  async update(
    functionName: string,
    change: Partial<FunctionSpec>,
  ): Promise<FunctionConfiguration> {
    const before = this.#functions.get(functionName) as FunctionConfiguration;
    const after = { ...before, ...change, revisionId: randomHex(16) };
    this.#functions.set(functionName, after);
    return after;
  }

  async invoke(request: InvocationRequest): Promise<InvocationResult> {
    this.requests.push(request);
    const { functionName } = request;
    const environment = this.#environments.get(functionName);
    const logStream = environment ?? `2026/11/20/[$LATEST]${randomHex(16)}`;
    this.#environments.set(functionName, logStream);
    const invokedUs = nowUs();
    const record: InvocationRecord = {
      functionName,
      requestId: request.requestId,
      trace: request.trace,
      serviceSpanId: newSpanId(),
      functionSpanId: newSpanId(),
      invocationSpanId: newSpanId(),
      environment: logStream,
      memoryMb: 1024,
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
    };
    const result = await this.behave(request, this);
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
      readyUs: endedUs + 100,
      durationUs: endedUs - invokedUs,
      billedUs: endedUs - invokedUs,
    });
    if (Buffer.isBuffer(result)) {
      this.#options.telemetry.invocation(record);
      return { kind: 'answer', payload: result, record };
    }
    record.status = 'error';
    record.errorType = result.errorType;
    this.#options.telemetry.invocation(record);
    const payload = Buffer.from(
      JSON.stringify({ errorType: result.errorType, errorMessage: 'no' }),
    );
    return { kind: 'function_error', payload, errorType: result.errorType, record };
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
    this.#environments.delete(functionName);
  }

  async facts(): Promise<FunctionHostFacts> {
    return FACTS;
  }

  resetFacts(): void {}

  async close(): Promise<void> {}

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
