export const INVOKE_MODES = ['buffered', 'response-stream'] as const;
export type InvokeMode = (typeof INVOKE_MODES)[number];

/** What can be set of a front, as of its counterpart on AWS; each is of one or two kinds of front. */
export interface FrontSettings {
  /** The version or alias it invokes. @default null, $LATEST */
  qualifier?: string | null;
  /** Of a function URL. @default 'buffered' */
  invokeMode?: InvokeMode;
  /** Of REST and HTTP APIs. @default none */
  stageVariables?: Readonly<Record<string, string>>;
  /** Of REST APIs: media types whose bodies are bytes, e.g. `image/*`. @default none */
  binaryMediaTypes?: readonly string[];
  /** Of REST APIs: answers from this length on are compressed where the caller can. @default never */
  minimumCompressionBytes?: number;
  /** Of REST APIs: 50 to 29,000. @default 29,000 */
  integrationTimeoutMs?: number;
  /** Of REST APIs: the one resource, e.g. `/users/{id}` or `/{proxy+}`. @default '/graphql' */
  resource?: string;
  /** @default 'bench' of a REST API, '$default' of an HTTP API */
  stage?: string;
}
