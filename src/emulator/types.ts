import type { Writable } from 'node:stream';
import type { Runtime } from '../model/endpoint.ts';
import type { EnvironmentProfile, ProfileOrder } from '../model/profile.ts';

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
  /** Of what the platform and the runtime log. @default 'Text' */
  logFormat?: LogFormat;
}

export type LogFormat = 'Text' | 'JSON';

/** `$LATEST`, the unpublished version. */
export const LATEST = '$LATEST';

/** Of one version of a function; an alias stands for the version it names. */
export interface FunctionConfiguration extends FunctionSpec {
  /** Ends in the version where it is a published one. */
  arn: string;
  /** `$LATEST`, or a number in digits. */
  version: string;
  description: string;
  /** base64 of the SHA-256 of the code. */
  codeSha256: string;
  codeBytes: number;
  logFormat: LogFormat;
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
  /** A version or an alias; null: `$LATEST`. */
  qualifier: string | null;
  requestId: string;
  payload: Uint8Array;
  trace: TraceContext;
  /** base64 JSON as it came, passed through. */
  clientContext: string | null;
  /** When the service (not the front) received it: start of the service segment. */
  receivedUs: number;
  /**
   * Opened when the runtime begins to stream its response; what is then written to it goes to the
   * caller, at the caller's speed. null: a streamed response is taken whole, up to Invoke's limit.
   */
  openStream: OpenStream | null;
}

/**
 * Called at most once for an invocation. The emulator ends the stream when the response is whole and
 * destroys it where the response broke off.
 * @param contentType as the runtime posts it, e.g. `application/vnd.awslambda.http-integration-response`
 */
export type OpenStream = (contentType: string) => Writable;

/** Why there was no invocation. `host_capacity` is the emulator's own: it voids the trial. */
export type RefusalReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded'
  | 'host_capacity'
  | 'closed';

export type InvocationResult =
  /** streamed: openStream was called, and the payload went there: it is empty here. */
  | { kind: 'answer'; payload: Buffer; streamed: boolean; record: InvocationRecord }
  /**
   * The handler threw, the environment crashed, timed out or could not initialise; where it had begun
   * to stream, a part of the response is with the caller already.
   */
  | {
      kind: 'function_error';
      payload: Buffer;
      errorType: string;
      streamed: boolean;
      record: InvocationRecord;
    }
  | { kind: 'refused'; reason: RefusalReason; message: string };

export type InvocationStatus = 'success' | 'error' | 'timeout';

/** Everything one invocation leaves behind: REPORT line, X-Ray segments and metrics come from it. */
export interface InvocationRecord {
  functionName: string;
  /** As the caller named it; null: none. */
  qualifier: string | null;
  /** What ran: `$LATEST` or a number. */
  version: string;
  logFormat: LogFormat;
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
  /** When the runtime began its response; equal to respondedUs unless it streamed. */
  firstByteUs: number;
  producedBytes: number;
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
  extends Pick<
    InvocationRequest,
    'functionName' | 'qualifier' | 'requestId' | 'trace' | 'receivedUs'
  > {
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
  /** Requests that got a used environment, as their own had waited too long for its turn to initialise. */
  initsSkipped: number;
  hostRefusals: number;
  throttles: number;
}

export interface MeasuredInit {
  /** As the Init Duration of a REPORT line. */
  initUs: number;
  /** Of it, loading the handler's module; null for an executable. */
  loadUs: number | null;
}

export interface FunctionAlias {
  name: string;
  arn: string;
  functionVersion: string;
  description: string;
  /** A second version that gets a share of the invocations; null: none does. */
  routing: { version: string; share: number } | null;
  revisionId: string;
}

export interface AccountLimits {
  concurrentExecutions: number;
  unreservedConcurrentExecutions: number;
  functionCount: number;
  codeBytes: number;
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

export type FunctionChange = Partial<
  Pick<FunctionSpec, 'memoryMb' | 'timeoutS' | 'environment' | 'logFormat'> & {
    description: string;
  }
>;

export interface AliasSettings {
  functionVersion: string;
  description: string;
  routing: FunctionAlias['routing'];
}

export interface FunctionHost {
  /** Throws UsageError where the handler does not exist. Does not start an environment. */
  create(spec: FunctionSpec): Promise<FunctionConfiguration>;
  /**
   * @param qualifier a version or an alias; null, like none: `$LATEST`
   * @returns undefined where there is no such function or no such qualifier of it
   */
  configuration(functionName: string, qualifier?: string | null): FunctionConfiguration | undefined;
  /** In order of their names. */
  functionNames(): string[];
  /**
   * As UpdateFunctionConfiguration, of `$LATEST`: existing environments of it finish their invocation
   * and go; those of published versions stay.
   */
  update(functionName: string, change: FunctionChange): Promise<FunctionConfiguration>;
  /**
   * As PublishVersion: a copy of `$LATEST` as it is, with environments of its own. Where nothing changed
   * since the version published last, that one is returned.
   * @throws LambdaRefusal
   */
  publishVersion(
    functionName: string,
    asked?: { description?: string; codeSha256?: string; revisionId?: string },
  ): Promise<FunctionConfiguration>;
  /** `$LATEST` first, then published ones, oldest first. */
  versions(functionName: string): FunctionConfiguration[];
  aliases(functionName: string): FunctionAlias[];
  /** @throws LambdaRefusal where it exists, or the version does not */
  createAlias(functionName: string, alias: AliasSettings & { name: string }): FunctionAlias;
  /** @throws LambdaRefusal where there is none, or its revision is another one */
  updateAlias(
    functionName: string,
    name: string,
    change: Partial<AliasSettings> & { revisionId?: string },
  ): FunctionAlias;
  deleteAlias(functionName: string, name: string): void;
  account(): AccountLimits;
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
  /**
   * Environments that start from now on start with V8's profiler on, which costs them time; null: as
   * ever. Of Node's runtimes only.
   */
  profile(functionName: string, order: ProfileOrder | null): void;
  /** What profiled environments told that have ended since the last call. */
  takeProfiles(functionName: string): EnvironmentProfile[];
  /** Never rejects. */
  invoke(request: InvocationRequest): Promise<InvocationResult>;
  /** At least the last 4 KB the function itself logged, for Invoke with LogType Tail. */
  logTail(requestId: string): string;
  /**
   * @param qualifier whose provisioned concurrency; null, like none: `$LATEST`'s, which only the emulator has
   * @throws UsageError where there is no such function.
   */
  concurrency(functionName: string, qualifier?: string | null): FunctionConcurrency;
  /** What is reserved for the function; null: nothing, or there is no such function. */
  reservedConcurrency(functionName: string): number | null;
  /** Qualifiers with provisioned concurrency. */
  provisionedConfigs(functionName: string): { qualifier: string; state: ProvisionedState }[];
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
  provisionConcurrency(
    functionName: string,
    environments: number,
    qualifier?: string | null,
  ): Promise<void>;
  /**
   * Resolves when as many provisioned environments are ready as were asked for.
   * @throws ToolError where one did not initialise
   */
  provisionedReady(functionName: string, qualifier?: string | null): Promise<void>;
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
