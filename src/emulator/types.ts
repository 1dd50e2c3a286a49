import type { Runtime } from '../model/endpoint.ts';

/**
 * The borders inside the emulator. `functions/` (environments, scaling, Runtime API) implements
 * FunctionHost and speaks to a TelemetrySink; `fronts/` and `protocols/` call a FunctionHost;
 * `telemetry/` implements TelemetrySink and reads back what it stored for `protocols/`.
 * All instants are microseconds since the epoch, from base/clock.ts.
 */

export interface FunctionSpec {
  name: string;
  runtime: Runtime;
  /** A folder with the code; copied into each function's task root. */
  codeFolder: string;
  /** For nodejs: the file within codeFolder and its export. For provided: the executable. */
  handler: { file: string; exportName: string };
  memoryMb: number;
  timeoutS: number;
  /** The user's variables; Lambda's own are added. */
  environment: Record<string, string>;
}

export interface FunctionConfiguration extends FunctionSpec {
  arn: string;
  logGroup: string;
  revisionId: string;
  lastModified: string;
  /** An update takes effect at once here, so it is never in progress. */
  lastUpdateStatus: 'Successful';
}

/** From X-Amzn-Trace-Id, or made by the front: every invocation belongs to a trace. */
export interface TraceContext {
  /** `1-<8 hex>-<24 hex>` */
  root: string;
  /** 16 hex; what the service segment's parent is; null where the service segment is the root. */
  parent: string | null;
  sampled: boolean;
}

export interface InvocationRequest {
  functionName: string;
  requestId: string;
  payload: Uint8Array;
  trace: TraceContext;
  /** base64 JSON as it came, passed through. */
  clientContext: string | null;
  /** When the service (not the front) received it: start of the service segment. */
  receivedUs: number;
}

/** Why there was no invocation. `host_capacity` is the emulator's own: it voids the trial. */
export type RefusalReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded'
  | 'host_capacity'
  | 'closed';

export type InvocationResult =
  | { kind: 'answer'; payload: Buffer; record: InvocationRecord }
  /** The handler threw, the environment crashed, timed out or could not initialise. */
  | { kind: 'function_error'; payload: Buffer; errorType: string; record: InvocationRecord }
  | { kind: 'refused'; reason: RefusalReason; message: string };

export type InvocationStatus = 'success' | 'error' | 'timeout';

/** Everything one invocation leaves behind: REPORT line, X-Ray segments and metrics come from it. */
export interface InvocationRecord {
  functionName: string;
  requestId: string;
  trace: TraceContext;
  /** Ids (16 hex) of the documents; invocationSpanId is the Parent the handler's subsegments carry. */
  serviceSpanId: string;
  functionSpanId: string;
  invocationSpanId: string;
  /** Log stream: `2026/11/20/[$LATEST]<32 hex>`. */
  environment: string;
  memoryMb: number;
  maxMemoryMb: number;
  /** The service received the request; it had the whole answer. */
  receivedUs: number;
  answeredUs: number;
  /** Set on the first invocation of an environment only. */
  init: { startedUs: number; endedUs: number; billed: boolean } | null;
  /** `next` answered; response posted; the next `next` arrived (the end of Overhead). */
  invokedUs: number;
  respondedUs: number;
  readyUs: number;
  durationUs: number;
  billedUs: number;
  status: InvocationStatus;
  errorType: string | null;
  httpStatus: number;
  provisioned: ProvisionedUse | null;
}

/** Of a function with provisioned concurrency, when an invocation began. */
export interface ProvisionedUse {
  /** Provisioned environments with an invocation, this one's included. */
  busy: number;
  allocated: number;
  /** None was free: this invocation runs on demand. */
  spillover: boolean;
}

/** A request through a REST API, with the ids of its root segment and its `Lambda` subsegment. */
export interface GatewayRecord {
  trace: TraceContext;
  segmentId: string;
  integrationSpanId: string;
  apiId: string;
  stage: string;
  gatewayRequestId: string;
  method: string;
  path: string;
  userAgent: string;
  clientIp: string;
  startedUs: number;
  integrationStartedUs: number;
  integrationEndedUs: number;
  endedUs: number;
  status: number;
  integrationStatus: number;
  responseBytes: number;
  functionName: string;
}

/** A request that got no environment, since a limit of Lambda's was reached. */
export interface ThrottleRecord
  extends Pick<InvocationRequest, 'functionName' | 'requestId' | 'trace' | 'receivedUs'> {
  serviceSpanId: string;
  answeredUs: number;
}

/** A request through an HTTP API: it has metrics and no segment. */
export interface HttpApiRecord {
  apiId: string;
  startedUs: number;
  integrationStartedUs: number;
  integrationEndedUs: number;
  endedUs: number;
  status: number;
}

/** A line (or lines) an environment wrote, or a platform line that belongs to no invocation. */
export interface LogLine {
  functionName: string;
  environment: string;
  atUs: number;
  message: string;
}

export interface TelemetrySink {
  /** Also writes the START, END and REPORT lines. */
  invocation(record: InvocationRecord): void;
  gateway(record: GatewayRecord): void;
  httpApi(record: HttpApiRecord): void;
  log(line: LogLine): void;
  /** A refusal: the metric Throttles, and a segment of the service alone. */
  throttle(record: ThrottleRecord): void;
}

/** What the functions need of the rest of the emulator. */
export interface FunctionHostOptions {
  region: string;
  accountId: string;
  /** `127.0.0.1:port`, for AWS_XRAY_DAEMON_ADDRESS. */
  xrayDaemonAddress: string;
  /** AWS_ENDPOINT_URL of environments: the emulator's own AWS endpoint. */
  awsEndpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  telemetry: TelemetrySink;
}

/** Counters of the host since the last call of `resetFacts`; see model/trial.ts HostFacts. */
export interface FunctionHostFacts {
  cpuMode: 'quota' | 'none';
  environmentsStarted: number;
  environmentsPeak: number;
  environmentsLost: number;
  /**
   * CPU time of environments, without that of ending them: on Lambda nobody waits for it, and it is as
   * much as hundreds of small invocations.
   */
  environmentCpuUs: number;
  /** Of it, until environments first asked for work. */
  initCpuUs: number;
  throttledUs: number;
  hostWaitUs: number;
  initQueueMaxUs: number;
  initQueueUs: number;
  hostRefusals: number;
  throttles: number;
}

export interface MeasuredInit {
  /** As the Init Duration of a REPORT line. */
  initUs: number;
  /** Of it, loading the handler's module; null for an executable. */
  loadUs: number | null;
}

/** As GetFunctionConcurrency and GetProvisionedConcurrencyConfig have them. */
export interface FunctionConcurrency {
  /** null: the function shares what is not reserved. */
  reserved: number | null;
  provisioned: ProvisionedState | null;
}

export interface ProvisionedState {
  requested: number;
  /** Initialised, free or not. */
  available: number;
  status: 'IN_PROGRESS' | 'READY' | 'FAILED';
  /** Of a failure. */
  reason: string | null;
  lastModified: string;
}

export interface FunctionHost {
  /** Throws UsageError where the handler does not exist. Does not start an environment. */
  create(spec: FunctionSpec): Promise<FunctionConfiguration>;
  configuration(functionName: string): FunctionConfiguration | undefined;
  /** As UpdateFunctionConfiguration: existing environments finish their invocation and go. */
  update(
    functionName: string,
    change: Partial<Pick<FunctionSpec, 'memoryMb' | 'timeoutS' | 'environment'>>,
  ): Promise<FunctionConfiguration>;
  /**
   * Initialises one environment and ends it, without an invocation. Resolves with what is wrong with
   * the function, in words; null where it initialises.
   */
  initProblem(functionName: string): Promise<string | null>;
  /**
   * The same, measured: it leaves no log line and counts nowhere. Throws ToolError with what is wrong
   * where the function does not initialise.
   */
  measureInit(functionName: string): Promise<MeasuredInit>;
  /** Never rejects. */
  invoke(request: InvocationRequest): Promise<InvocationResult>;
  /** At least the last 4 KB the function itself logged, for Invoke with LogType Tail. */
  logTail(requestId: string): string;
  /** @throws UsageError where there is no such function. */
  concurrency(functionName: string): FunctionConcurrency;
  /**
   * As PutFunctionConcurrency; null as DeleteFunctionConcurrency.
   * @throws UsageError where too little is left for other functions, or it is less than is provisioned
   */
  reserveConcurrency(functionName: string, concurrency: number | null): void;
  /**
   * As PutProvisionedConcurrencyConfig (0: as its deletion), resolves when all of them are ready and
   * those that are too many are gone. They initialise at the function's own quota and are replaced
   * when they end or are retired.
   * @throws ToolError where they do not initialise, or the host has no memory for them; those that
   * are ready stay
   * @throws UsageError where it is more than is reserved for the function
   */
  provisionConcurrency(functionName: string, environments: number): Promise<void>;
  /**
   * Resolves when as many provisioned environments are ready as were asked for.
   * @throws ToolError where one did not initialise
   */
  provisionedReady(functionName: string): Promise<void>;
  /**
   * Thaws every environment, waits until pending UDP and stdout are drained, and ends all of them;
   * busy ones finish their invocation first, at most until its time is up. Provisioned ones are then
   * replaced, which this does not wait for.
   */
  endEnvironments(functionName: string): Promise<void>;
  facts(): Promise<FunctionHostFacts>;
  resetFacts(): void;
  close(): Promise<void>;
}
