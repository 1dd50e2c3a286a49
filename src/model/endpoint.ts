import { z } from 'zod';

/** What bench can put before a function. */
export const FRONTS = ['rest-api', 'http-api', 'function-url', 'invoke'] as const;
export type BuiltFront = (typeof FRONTS)[number];

/** What may stand before an endpoint of the user's; `other` leaves no trace that is known here. */
export const ENDPOINT_FRONTS = [...FRONTS, 'appsync', 'other'] as const;
export type Front = (typeof ENDPOINT_FRONTS)[number];

export const RUNTIMES = ['nodejs22.x', 'nodejs24.x', 'provided.al2023'] as const;
export type Runtime = (typeof RUNTIMES)[number];

export const ARCHITECTURES = ['arm64', 'x86_64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** So much memory gives one vCPU, in proportion. Source: AWS Lambda Developer Guide, "Configure Lambda function memory". */
export const MB_PER_VCPU = 1769;

/** Lambda's limits: 128–10,240 MB in steps of 1 MB; timeout 1–900 s. */
export const MEMORY_MIN_MB = 128;
export const MEMORY_MAX_MB = 10_240;

/** Of a gate: what a change is measured against, and the change. */
export const REVISIONS = ['base', 'head'] as const;
export type Revision = (typeof REVISIONS)[number];

/** What is provisioned on a target: the first half of a cell. */
export const endpointSchema = z.object({
  /** A name in the registry: `dynamo`; `own` for a handler of the user's; of an endpoint the user deployed its own name. */
  backend: z.string(),
  /** How the data lie and are asked for: `as-published`. null: the backend has one way only. */
  variant: z.string().nullable().default(null),
  /** The library between handler and backend: `pg`. null: there is one only. */
  dataLayer: z.string().nullable().default(null),
  /** Whether loads of one request are gathered into batches (DataLoader). */
  batching: z.boolean().default(false),
  /** null: the user deployed it, and its function cannot be asked. The same of runtime and timeout. */
  memoryMb: z.int().min(MEMORY_MIN_MB).max(MEMORY_MAX_MB).nullable(),
  front: z.enum(ENDPOINT_FRONTS),
  /** Variant of the handler: `apollo`. null: the user deployed it. */
  server: z.string().nullable(),
  /** `x1`: 500 users with 10 tweets each. */
  dataset: z.string(),
  /** One of RUNTIMES where bench deploys it. */
  runtime: z.string().nullable(),
  timeoutS: z.int().min(1).max(900).nullable(),
  /** Environments that are initialised before any request and stay. */
  provisionedConcurrency: z.int().min(0).default(0),
  /** Invocations at a time, beyond which Lambda throttles. null: the account's. */
  reservedConcurrency: z.int().min(1).nullable().default(null),
  /** Of a function URL: answers are passed on while they are made (InvokeMode RESPONSE_STREAM). */
  responseStreaming: z.boolean().default(false),
  /** Which side of a gate its code is of; null: there is one only. */
  revision: z.enum(REVISIONS).nullable().default(null),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** What Lambda is told of a function that bench deploys. Throws for an endpoint of the user's. */
export function functionSettings({ memoryMb, timeoutS, runtime }: Endpoint): {
  memoryMb: number;
  timeoutS: number;
  runtime: Runtime;
} {
  const known = RUNTIMES.find((name) => name === runtime);
  if (memoryMb === null || timeoutS === null || known === undefined) {
    throw new Error('an endpoint to deploy has a memory size, a timeout and a runtime');
  }
  return { memoryMb, timeoutS, runtime: known };
}

/** The server of an endpoint that bench has the code of. Throws for one of the user's. */
export function serverOf({ server }: Pick<Endpoint, 'server'>): string {
  if (server === null) throw new Error('an endpoint to deploy has a server');
  return server;
}

/** Where bench can have answers streamed: of the other fronts API Gateway's and Invoke's are buffered. */
export const STREAMING_FRONT = 'function-url' satisfies BuiltFront;

/** What endpoints are compared by, in the order they are named. */
export const FACTORS = [
  'backend',
  'variant',
  'dataLayer',
  'server',
  'batching',
  'front',
  'responseStreaming',
  'memoryMb',
  'dataset',
  'provisionedConcurrency',
  'reservedConcurrency',
  'revision',
] as const;
export type Factor = (typeof FACTORS)[number];

/** An endpoint's level of a factor as text; null where its backend does not have the factor. */
export function levelOf(endpoint: Endpoint, factor: Factor): string | null {
  if (factor === 'batching' || factor === 'responseStreaming')
    return endpoint[factor] ? 'on' : 'off';
  if (factor === 'reservedConcurrency') return String(endpoint.reservedConcurrency ?? 'none');
  const level = endpoint[factor];
  return level === null ? null : String(level);
}

/** Only some backends have them: where backends are compared, a backend without fits every level. */
export const OF_SOME_BACKENDS: readonly Factor[] = ['variant', 'dataLayer'];

/** What two endpoints differ in; what only one of two backends has comes with the backend. */
export function differingFactors(a: Endpoint, b: Endpoint): Factor[] {
  return FACTORS.filter((factor) => {
    const [one, other] = [levelOf(a, factor), levelOf(b, factor)];
    const lacks =
      a.backend !== b.backend &&
      OF_SOME_BACKENDS.includes(factor) &&
      (one === null || other === null);
    return one !== other && !lacks;
  });
}

/** Endpoints with the same key have the same code. */
export function bundleKey(
  of: Pick<Endpoint, 'backend' | 'dataLayer' | 'server' | 'batching' | 'revision'> & {
    responseStreaming?: boolean | undefined;
  },
): string {
  const parts = [
    of.server,
    of.backend,
    of.dataLayer,
    of.batching ? 'batched' : null,
    of.responseStreaming === true ? 'streamed' : null,
    of.revision,
  ];
  return parts.filter((part) => part !== null).join('-');
}
