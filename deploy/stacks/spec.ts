/** What is to be deployed: written by the target `aws`, read by the CDK app. JSON, without secrets. */
export interface DeploymentSpec {
  version: 1;
  /** Run id: in the stacks' names, and their tag `graphql-lambda-bench:run`. */
  run: string;
  account: string;
  region: string;
  /** ISO 8601: the tags `graphql-lambda-bench:created` and `graphql-lambda-bench:expires`. */
  createdAt: string;
  expiresAt: string;
  /** Stays when its run ends, so that others may use it: the tag `graphql-lambda-bench:kept`. */
  kept: boolean;
  /** The bucket of the run's own that code and templates are uploaded to. */
  assetBucket: string;
  architecture: 'arm64' | 'x86_64';
  logRetentionDays: number;
  /** Of the stages of both APIs. */
  throttle: { ratePerS: number; burst: number };
  stacks: StackSpec[];
}

export type BackendName = 'dynamo' | 'postgres';
export type FrontName = 'rest-api' | 'http-api' | 'function-url' | 'invoke';

/** One stack per backend. */
export interface StackSpec {
  backend: BackendName;
  /** `bench-<run>-<backend>` */
  name: string;
  /** Data sets its functions ask for: of dynamo each has tables of its own, of postgres a schema each. */
  datasets: DatasetSpec[];
  functions: FunctionSpec[];
  /** Of postgres: the function that fills the database from inside. */
  seeder: SeederSpec | null;
}

export interface DatasetSpec {
  /** `x1` */
  name: string;
  /** Of postgres: with the indexes of the variants that have them. */
  indexed: boolean;
}

export interface SeederSpec {
  name: string;
  codeFolder: string;
  /** `index.handler` */
  handler: string;
}

export interface FunctionSpec {
  /** Told in the stack's outputs, to find it again. */
  key: string;
  name: string;
  codeFolder: string;
  handler: string;
  runtime: string;
  codeSha256: string;
  memoryMb: number;
  timeoutS: number;
  dataset: DatasetSpec;
  /** Beside what the stack knows itself (names of tables, address of the database). */
  environment: Record<string, string>;
  fronts: FrontName[];
  /** Behind an alias with a published version, for provisioned concurrency. */
  alias: boolean;
  /** Its function URL passes answers on while they are made. */
  streams: boolean;
}
