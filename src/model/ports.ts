import type { Supervisor } from '../base/processes/supervisor.ts';
import type { Architecture, Endpoint, Front } from './endpoint.ts';
import type { EnvironmentProfile, ProfileOrder } from './profile.ts';
import type { BundleFacts, Cell, Variant } from './run.ts';
import type { AwsCredentials, LoadOperation, LoadPlan, Signing } from './scenario.ts';
import type { Collection, EngineFacts, HostFacts, InitSample } from './trial.ts';
import type { Warning } from './warning.ts';

/** Where AWS's APIs answer: the real ones (endpoint null) or the emulator's. */
export interface AwsAccess {
  region: string;
  endpoint: string | null;
  /** null: the SDK's default chain. */
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | null;
}

/** An endpoint that answers. */
export interface ProvisionedEndpoint {
  url: string;
  /** Of the front `invoke`: the url is that of Lambda's Invoke, and requests are events for it. */
  asEvent: boolean;
  /** Not null: requests are signed with the keys of `aws`. */
  signing: Signing | null;
  /** Sent with every request; may hold secrets, never stored. */
  headers: Record<string, string>;
  front: Front;
  memoryMb: number | null;
  /** null: not known, so that there are no logs and no metrics of it. */
  functionName: string | null;
  /** The alias that is invoked; null: the function as it was deployed last. */
  qualifier: string | null;
  logGroup: string | null;
  /** CloudWatch dimensions of the front, e.g. `{ApiName, Stage}`; null where it has no metrics. */
  frontDimensions: Record<string, string> | null;
  /** Whether X-Ray has segments of its requests, as far as is known. */
  traced: boolean;
  /** null: nothing of AWS is asked about it. */
  aws: AwsAccess | null;
}

/** Where the function behind an endpoint is known. */
export type KnownFunction = Pick<ProvisionedEndpoint, 'qualifier'> & {
  functionName: string;
  logGroup: string;
  aws: AwsAccess;
};

/** The function behind an endpoint; null where it, or AWS, is not known. */
export function knownFunction(endpoint: ProvisionedEndpoint): KnownFunction | null {
  const { functionName, qualifier, logGroup, aws } = endpoint;
  if (functionName === null || logGroup === null || aws === null) return null;
  return { functionName, qualifier, logGroup, aws };
}

/** The same of an endpoint whose target made the function. Throws where it did not. */
export function functionOf(endpoint: ProvisionedEndpoint): KnownFunction {
  const known = knownFunction(endpoint);
  if (known === null) throw new Error(`the function behind ${endpoint.url} is not known`);
  return known;
}

/** The code to deploy: a folder whose `file` exports `exportName` (or is an executable). */
export interface HandlerArtifact {
  folder: string;
  file: string;
  exportName: string;
  facts: BundleFacts;
  /** The file's source map as text; absent where there is none, as of an executable. Not deployed. */
  sourceMap?: string;
}

/** A checkout of another revision: what lies below `from` here lies below `to` there. Absolute. */
export interface Checkout {
  from: string;
  to: string;
}

/** Where the code of a gate's base is had from, when it is another revision. */
export interface BaseCode {
  /** As Backend.bundle: checked out and built, once, where it is not in the cache. */
  bundle(backend: Backend, endpoint: Endpoint, folder: string): Promise<HandlerArtifact>;
  /** All bundles are made: the checkout goes. */
  close(): Promise<void>;
}

/** A cell with all that its endpoint is made of. */
export interface PreparedCell {
  cell: Cell;
  artifact: HandlerArtifact;
  backend: BackendInstance;
}

/** Runs endpoints with V8's profiler on, which costs them time. */
export interface Profiler {
  /** Environments that start from now on. */
  begin(endpoint: ProvisionedEndpoint, order: ProfileOrder): void;
  end(endpoint: ProvisionedEndpoint): void;
  /** What environments told that have ended since the last call. */
  take(endpoint: ProvisionedEndpoint): EnvironmentProfile[];
}

/** Where endpoints live: `local`, `aws`, `url`. */
export interface Target {
  readonly name: string;
  /** For so long what was just deployed may still refuse. Without it: not at all. */
  readonly patienceMs?: number;
  /** Of targets that deploy: everything of the run at once, before the first endpoint is provisioned. */
  prepare?(cells: readonly PreparedCell[]): Promise<void>;
  provision(
    cell: Cell,
    artifact: HandlerArtifact,
    backend: BackendInstance,
  ): Promise<ProvisionedEndpoint>;
  /** Initialises environments one after the other and ends them; empty where a target cannot. */
  measureInits(endpoint: ProvisionedEndpoint, count: number): Promise<InitSample[]>;
  /** Environments of this endpoint the machine can initialise a second; null where it has no such limit. */
  measureInitRate(endpoint: ProvisionedEndpoint): Promise<number | null>;
  /**
   * Changes the function's configuration as a deploy would, so that the next request finds no
   * environment; resolves when it is ready for it. Provisioned environments are ready again, too.
   */
  renewEnvironments(endpoint: ProvisionedEndpoint, signal: AbortSignal): Promise<void>;
  /** None of the cell's environments exist when this resolves, but those that are provisioned. */
  beginTrial(endpoint: ProvisionedEndpoint): Promise<void>;
  /** Its telemetry is readable and its environments are gone when this resolves. */
  endTrial(endpoint: ProvisionedEndpoint): Promise<HostFacts | null>;
  /** Absent: environments of this target cannot be profiled. */
  readonly profiler?: Profiler;
  close(): Promise<void>;
}

/** What users may say of backends. */
export interface BackendOptions {
  /** A PostgreSQL of the user's in place of one of ours. May hold a password: never stored. */
  postgresUrl: string | null;
  /** max_connections of a PostgreSQL of ours. */
  postgresConnections: number | null;
}

export interface BackendContext {
  supervisor: Supervisor;
  /** One of the endpoints whose instanceKey this instance is for. */
  endpoint: Endpoint;
  options: BackendOptions;
  /** Snapshots of seeded data are kept below it. */
  cacheFolder: string;
  /** Says what it is doing, for the live line: `seeding 5,000 tweets`. */
  progress(text: string): void;
  signal: AbortSignal;
}

/** A backend that is up and holds its data set. */
export interface BackendInstance {
  /** Variables of a handler's environment, e.g. the tables' names and the endpoint. May be secret. */
  environment(endpoint: Endpoint): Record<string, string>;
  /** CPU time its processes on this machine have used so far, ended ones included. */
  cpuUs(): number;
  /** What the backend makes doubtful of a trial that just ended. */
  trialWarnings?(host: HostFacts | null): Warning[];
  /** Resolves when it ends by itself, with what it said; never rejects. */
  failure?: Promise<Error>;
  stop(): Promise<void>;
}

/** What can be asked of a backend. Of each list the first is the default. */
export interface BackendOffer {
  readonly name: string;
  readonly servers: readonly string[];
  readonly datasets: readonly string[];
  /** Empty: there is one way only. */
  readonly variants: readonly Pick<Variant, 'name' | 'features'>[];
  readonly dataLayers: readonly string[];
  readonly batching: readonly boolean[];
  /** A weight of 0: sent only where it is asked for. */
  readonly operations: readonly { name: string; weight: number }[];
  /**
   * Of an endpoint that the user deployed: what it runs on, whatever else is asked for. Its backend is
   * neither started nor bundled.
   */
  readonly deployed?: DeployedOn;
}

export interface DeployedOn {
  platform: Platform;
  /** null: not known. */
  architecture: Architecture | null;
}

/** What of an endpoint is Lambda's and its front's, whatever the code. */
export type Platform = Omit<
  Endpoint,
  'backend' | 'variant' | 'dataLayer' | 'batching' | 'server' | 'dataset'
>;

/** What stands behind the resolvers: one folder in src/backends and one line in the registry. */
export interface Backend extends BackendOffer {
  /** Endpoints with the same key share one started instance. */
  instanceKey(endpoint: Endpoint): string;
  start(context: BackendContext): Promise<BackendInstance>;
  /**
   * Bundles the handler of a server over this backend. `folder` exists and is empty. With a checkout
   * the code of that is bundled.
   */
  bundle(endpoint: Endpoint, folder: string, checkout?: Checkout): Promise<HandlerArtifact>;
  /** Every operation of the data set with feed and digests. */
  feeds(dataset: string): Promise<LoadOperation[]>;
}

/** What an engine reports while it runs, about once a second. */
export interface EngineProgress {
  elapsedS: number;
  iterations: number;
  requests: number;
  ratePerS: number;
  p95Ms: number | null;
  failures: number;
  dropped: number;
  vus: number;
}

/** Drives load: `k6`. */
export interface Engine {
  readonly name: string;
  readonly version: string;
  /**
   * Runs one trial's load and resolves when it has ended. Writes its raw files into `rawFolder`.
   * Throws ToolError where the load was not driven to its end; what was written stays.
   */
  run(job: {
    plan: LoadPlan;
    /** What requests are signed with; null where the plan has no signing. */
    credentials: AwsCredentials | null;
    rawFolder: string;
    supervisor: Supervisor;
    signal: AbortSignal;
    progress(progress: EngineProgress): void;
  }): Promise<{ facts: EngineFacts; warnings: Warning[] }>;
}

/** Reads one kind of telemetry back from AWS (or the emulator) into `rawFolder`. */
export interface Collector {
  readonly name: Collection['collector'];
  collect(job: {
    endpoint: ProvisionedEndpoint;
    window: { startedUs: number; endedUs: number };
    /** The ids of the requests that were to be traced, in order; what X-Ray is asked for. */
    traceIds: string[];
    /** REPORT lines to expect: requests that got an answer from an environment. */
    expectedReports: number;
    rawFolder: string;
    /** What is not there yet is waited for this long, then said; reading so many comes on top. */
    deadlineMs: number;
    signal: AbortSignal;
  }): Promise<{ collection: Collection; warnings: Warning[] }>;
}
