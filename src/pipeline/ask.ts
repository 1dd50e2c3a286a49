import { messageOf, ToolError } from '../base/errors.ts';
import { parseJson } from '../base/parse-json.ts';
import { functionOf, type ProvisionedEndpoint } from '../model/ports.ts';
import { signedHeaders } from './signed-headers.ts';

/** Longer than an init that runs into Lambda's 10 s and is tried again. */
const TIMEOUT_MS = 40_000;
/** What a front answers where the function failed. */
const FUNCTION_FAILED = 502;

/** A GraphQL request as a load sends it. */
export interface GraphqlRequest {
  name: string;
  query: string;
  variables: unknown;
}

export interface GraphqlAnswer {
  /** Of the front; behind `invoke` the function's own, or the service's where it refused. */
  status: number;
  /** The GraphQL answer's text, or what was said in its place. */
  body: string;
}

/**
 * Sends one GraphQL request to an endpoint behind any front, signed where it is to be. Throws ToolError
 * where nothing answers, or where there are no keys to sign with.
 */
export async function ask(
  endpoint: ProvisionedEndpoint,
  request: GraphqlRequest,
  signal: AbortSignal,
): Promise<GraphqlAnswer> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const body = bodyOf(request);
  const signature = endpoint.asEvent ? {} : await signedHeaders(endpoint, body);
  try {
    return endpoint.asEvent
      ? await askInvoke(endpoint, body, within)
      : await askFront(endpoint, body, signature, within);
  } catch (error) {
    signal.throwIfAborted();
    // fetch says "fetch failed", and why in the cause.
    const cause = error instanceof Error ? messageOf(error.cause ?? '') : '';
    throw new ToolError(
      `${endpoint.functionName ?? endpoint.url} does not answer: ${cause || messageOf(error)}`,
    );
  }
}

/** Names the operation only where the document does: a server refuses an unknown operationName. */
function bodyOf({ name, query, variables }: GraphqlRequest): string {
  const named = /^\w+$/.test(name) && new RegExp(`\\b(query|mutation)\\s+${name}\\b`).test(query);
  return JSON.stringify({ ...(named ? { operationName: name } : {}), query, variables });
}

async function askFront(
  endpoint: ProvisionedEndpoint,
  body: string,
  signature: Record<string, string>,
  signal: AbortSignal,
): Promise<GraphqlAnswer> {
  const headers = new Headers(endpoint.headers);
  headers.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(signature)) headers.set(name, value);
  const request = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
  const response = await fetch(endpoint.url, request);
  const to = response.headers.get('location');
  if (to !== null && response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    const message = `it redirects to ${to}, and a load follows no redirect`;
    return { status: response.status, body: JSON.stringify({ message }) };
  }
  return { status: response.status, body: await response.text() };
}

async function askInvoke(
  endpoint: ProvisionedEndpoint,
  body: string,
  signal: AbortSignal,
): Promise<GraphqlAnswer> {
  const { InvokeCommand, LambdaServiceException } = await import('@aws-sdk/client-lambda');
  const { lambdaClient } = await import('../aws/clients.ts');
  const { aws, functionName, qualifier } = functionOf(endpoint);
  const client = await lambdaClient(aws, 1);
  const command = new InvokeCommand({
    FunctionName: functionName,
    ...(qualifier !== null && { Qualifier: qualifier }),
    Payload: Buffer.from(JSON.stringify(eventOf(endpoint, body))),
  });
  try {
    const { Payload = new Uint8Array(), FunctionError } = await client.send(command, {
      abortSignal: signal,
    });
    const text = Buffer.from(Payload).toString();
    return FunctionError === undefined ? unwrapped(text) : { status: FUNCTION_FAILED, body: text };
  } catch (error) {
    if (!(error instanceof LambdaServiceException)) throw error;
    const status = error.$metadata.httpStatusCode ?? 500;
    return { status, body: JSON.stringify({ message: error.message }) };
  } finally {
    client.destroy();
  }
}

/** What the scenario sends too (scenarios/lib/invoke.ts): payload format 2.0 with what handlers read. */
function eventOf(endpoint: ProvisionedEndpoint, body: string): Record<string, unknown> {
  const headers = Object.fromEntries(
    Object.entries(endpoint.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const path = '/graphql';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { ...headers, 'content-type': 'application/json' },
    requestContext: {
      routeKey: '$default',
      stage: '$default',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
    },
    body,
    isBase64Encoded: false,
  };
}

/** A proxy result's body; a result without a statusCode is the answer itself. */
function unwrapped(text: string): GraphqlAnswer {
  const result = parseJson(text);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    return { status: 200, body: text };
  }
  const body = 'body' in result && typeof result.body === 'string' ? result.body : '';
  const base64 = 'isBase64Encoded' in result && result.isBase64Encoded === true;
  return {
    status: Number(result.statusCode),
    body: base64 ? Buffer.from(body, 'base64').toString() : body,
  };
}
