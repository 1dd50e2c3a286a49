import type { Front } from './endpoint.ts';
import type { Signing } from './scenario.ts';

/** An endpoint that the user deployed, as the configuration names it. */
export interface DeployedEndpoint {
  /** Its key below `endpoints`: first in the ids of its cells. */
  name: string;
  /** null: behind the front `invoke`, whose address is made of the function's name. */
  url: string | null;
  front: Front;
  /** Not null: requests are signed with the keys of the SDK's default chain. */
  signing: Signing | null;
  /** With variables of the environment put in. Secret, never stored. */
  headers: Record<string, string>;
  /** null: nothing of AWS is asked about it. */
  region: string | null;
  /** Name or ARN; null: only what its clients see can be measured. */
  functionName: string | null;
  /** An alias or a version. */
  qualifier: string | null;
  /** CloudWatch dimensions of its front; null: its metrics are not read. */
  metrics: Record<string, string> | null;
  /** Its configuration may be changed, to force cold starts. */
  renew: boolean;
  /** What messages call it: `bench.config.ts: endpoints.checkout`, or `--url`. */
  named: string;
}

/** Endpoints of the user's and what is sent to them. Paths are absolute. */
export interface DeployedEndpoints {
  endpoints: DeployedEndpoint[];
  /** A .graphql file, or a folder of them. */
  operations: string;
  /** A .csv or .json file for every operation, or a folder with one named after each. */
  variables: string | null;
  /** The API's schema (SDL) that operations are checked against before anything runs. */
  schema: string | null;
  /** What messages call the settings these are from. */
  named: Record<'operations' | 'variables' | 'schema', string>;
}

/** What Lambda says of the function behind an endpoint. */
export interface FoundFunction {
  name: string;
  qualifier: string | null;
  memoryMb: number;
  timeoutS: number;
  /** As Lambda names it; `container` for an image. */
  runtime: string;
  architecture: string;
  logGroup: string;
  /** Its own tracing is active. */
  traced: boolean;
}
