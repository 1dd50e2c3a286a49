import { randomBytes } from 'node:crypto';
import { ToolError, UsageError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import { Executions } from './executions.ts';
import type { Front } from './fronts/front.ts';
import type { FrontSettings } from './fronts/front-settings.ts';
import { startFunctionUrl } from './fronts/function-url.ts';
import { startHttpApi } from './fronts/http-api.ts';
import { startRestApi } from './fronts/rest-api.ts';
import { createFunctionHost } from './functions/index.ts';
import type { FunctionHostSettings } from './functions/settings.ts';
import type { FunctionUrl } from './protocols/backing.ts';
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
  addFront(
    kind: FrontKind,
    functionName: string,
    port?: number,
    settings?: FrontSettings,
  ): Promise<Front>;
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
  let functions: FunctionHost | null = null;
  const host = (): FunctionHost => {
    if (functions === null) throw new ToolError('the emulator is still starting');
    return functions;
  };

  const executions = new Executions(
    telemetry.metrics,
    (name) => host().reservedConcurrency(name) !== null,
  );
  const invoke = (request: InvocationRequest): Promise<InvocationResult> =>
    executions.count(request, (counted) => host().invoke(counted));

  const functionUrls = new Map<string, FunctionUrl>();
  const endpoint = await startAwsEndpoint(
    {
      region,
      accountId: ACCOUNT_ID,
      get functions() {
        return host();
      },
      invoke,
      functionUrl: (name) => functionUrls.get(name),
      traces: telemetry,
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
    addFront: async (kind, functionName, port = 0, settings = {}) => {
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
        settings,
      };
      const front = await FRONTS[kind](context);
      fronts.set(front.url, front);
      if (kind === 'function-url') {
        const { invokeMode = 'buffered' } = settings;
        functionUrls.set(functionName, { url: front.url, invokeMode, createdMs: Date.now() });
      }
      return front;
    },
    invokeUrl: (functionName) =>
      `${endpoint.origin}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    removeFront: async (url) => {
      const front = fronts.get(url);
      fronts.delete(url);
      for (const [name, known] of functionUrls) if (known.url === url) functionUrls.delete(name);
      await front?.close();
    },
    lostDatagrams: () => telemetry.lostDatagrams(),
    settle: () => telemetry.settle(),
    close,
  };
}
