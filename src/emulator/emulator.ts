import { randomBytes } from 'node:crypto';
import { ToolError, UsageError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import type { Front } from './fronts/front.ts';
import { startFunctionUrl } from './fronts/function-url.ts';
import { startHttpApi } from './fronts/http-api.ts';
import { startRestApi } from './fronts/rest-api.ts';
import { createFunctionHost } from './functions/index.ts';
import type { FunctionHostSettings } from './functions/settings.ts';
import { startAwsEndpoint } from './protocols/endpoint.ts';
import type { TraceStyle } from './telemetry/documents.ts';
import { mirrored } from './telemetry/mirror.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import type {
  FunctionHost,
  FunctionHostOptions,
  InvocationRequest,
  InvocationResult,
} from './types.ts';

/** Ways in with an address of their own; Invoke is the AWS endpoint's. */
export type FrontKind = keyof typeof FRONTS;

const FRONTS = {
  'rest-api': startRestApi,
  'http-api': startHttpApi,
  'function-url': startFunctionUrl,
} as const;

export interface EmulatorOptions {
  supervisor: Supervisor;
  /** Scaling, limits and the like; see functions/settings.ts. */
  hostSettings?: Partial<FunctionHostSettings>;
  /** Another host of functions, for tests. @default createFunctionHost of functions/ */
  createHost?(options: FunctionHostOptions): Promise<FunctionHost>;
  /** @default us-east-1 */
  region?: string;
  /** Of the AWS endpoint. @default 0, any free one */
  port?: number;
  /** Share of requests traced where the trace header does not say. @default 1 */
  samplingShare?: number;
  /** @default old */
  traceStyle?: TraceStyle;
  /** Shown every log line as it comes. @default none */
  onLog?(text: string): void;
}

export interface Emulator {
  readonly region: string;
  readonly accountId: string;
  /** `http://127.0.0.1:port`: Lambda, X-Ray, CloudWatch and its logs. */
  readonly awsEndpoint: string;
  /** Of this run only: random. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  readonly functions: FunctionHost;
  /** @throws UsageError for an unknown function, or a port that cannot be had. */
  addFront(kind: FrontKind, functionName: string, port?: number): Promise<Front>;
  /** Where Lambda's Invoke of a function answers: at the AWS endpoint. */
  invokeUrl(functionName: string): string;
  /** @param url of a front; others are left alone. */
  removeFront(url: string): Promise<void>;
  /** Datagrams to the X-Ray daemon that were lost or could not be read, since the start. */
  lostDatagrams(): Promise<number>;
  /**
   * All telemetry of answered requests can be read when this resolves, except what an environment
   * has not sent yet: end the environments first.
   */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const ACCOUNT_ID = '000000000000';

/** Lambda with its fronts, telemetry and AWS's protocols on this machine's loopback. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const region = options.region ?? 'us-east-1';
  const share = options.samplingShare ?? 1;
  const sample = (): boolean => share >= 1 || Math.random() < share;
  const credentials = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  const telemetry = await Telemetry.start(options.supervisor.ownFolder('bench-telemetry'), {
    region,
    accountId: ACCOUNT_ID,
    style: options.traceStyle ?? 'old',
  });
  const executions = new Map<string, number>();
  let functions: FunctionHost | null = null;
  const host = (): FunctionHost => {
    if (functions === null) throw new ToolError('the emulator is still starting');
    return functions;
  };

  /** Counts what runs at once, for the metric ConcurrentExecutions. */
  async function invoke(request: InvocationRequest): Promise<InvocationResult> {
    const { functionName } = request;
    const running = (executions.get(functionName) ?? 0) + 1;
    executions.set(functionName, running);
    const result = await host().invoke(request);
    executions.set(functionName, (executions.get(functionName) ?? 1) - 1);
    if (result.kind !== 'refused') {
      telemetry.metrics.concurrency(functionName, request.receivedUs, running);
    }
    return result;
  }

  const endpoint = await startAwsEndpoint(
    {
      region,
      accountId: ACCOUNT_ID,
      functions: {
        configuration: (name) => host().configuration(name),
        update: (name, change) => host().update(name, change),
        logTail: (requestId) => host().logTail(requestId),
        concurrency: (name) => host().concurrency(name),
        reserveConcurrency: (name, concurrency) => host().reserveConcurrency(name, concurrency),
        provisionConcurrency: (name, count) => host().provisionConcurrency(name, count),
        invoke,
      },
      segments: (traceIds) => telemetry.segments(traceIds),
      logs: telemetry.logs,
      metrics: telemetry.metrics,
      sample,
    },
    credentials,
    options.port ?? 0,
  ).catch(async (error: unknown) => {
    await telemetry.close();
    throw error;
  });
  const fronts = new Map<string, Front>();

  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  async function closeAll(): Promise<void> {
    await Promise.all([...fronts.values()].map((front) => front.close()));
    fronts.clear();
    try {
      await functions?.close();
    } finally {
      await endpoint.close();
      await telemetry.close();
    }
  }

  try {
    const createHost =
      options.createHost ??
      ((hostOptions: FunctionHostOptions) =>
        createFunctionHost(options.supervisor, hostOptions, options.hostSettings));
    functions = await createHost({
      region,
      accountId: ACCOUNT_ID,
      xrayDaemonAddress: telemetry.daemonAddress,
      awsEndpoint: endpoint.origin,
      credentials,
      telemetry: options.onLog === undefined ? telemetry : mirrored(telemetry, options.onLog),
    });
  } catch (error) {
    await close();
    throw error;
  }

  return {
    region,
    accountId: ACCOUNT_ID,
    awsEndpoint: endpoint.origin,
    credentials,
    functions,
    addFront: async (kind, functionName, port = 0) => {
      if (host().configuration(functionName) === undefined) {
        throw new UsageError(`there is no function "${functionName}" to put a front before`);
      }
      telemetry.logs.create(`/aws/lambda/${functionName}`);
      const context = {
        region,
        accountId: ACCOUNT_ID,
        functionName,
        telemetry,
        invoke,
        sample,
        port,
      };
      const front = await FRONTS[kind](context);
      fronts.set(front.url, front);
      return front;
    },
    invokeUrl: (functionName) =>
      `${endpoint.origin}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    removeFront: async (url) => {
      const front = fronts.get(url);
      fronts.delete(url);
      await front?.close();
    },
    lostDatagrams: () => telemetry.lostDatagrams(),
    settle: () => telemetry.settle(),
    close,
  };
}
