import type { BatchGetTracesCommandOutput, XRayClient } from '@aws-sdk/client-xray';
import type { HttpResponse } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { $ClientProtocol, HttpRequest } from '@smithy/types';
import { LoopbackHandler } from './loopback-handler.ts';
import { Sha256 } from './sha256.ts';

/** An answer of BatchGetTraces with the bytes it was read of. */
export type TracesAnswer = BatchGetTracesCommandOutput & { bytes?: Buffer };

/** Configured as a class or an instance, there it is always the instance. */
type Protocol = $ClientProtocol<HttpRequest, HttpResponse>;

/**
 * Takes from a client what a call of five trace ids pays for and nobody needs, by the means the SDK has
 * for it; credentials, endpoint, signing, clock skew and errors stay its own. A call then takes less than
 * half of the CPU it took, its transport not counted.
 * @param local whether its endpoint is on this machine
 */
export async function makeLean(client: XRayClient, local: boolean): Promise<void> {
  const { config, middlewareStack } = client;
  // Else the stack is put together and sorted for each call. Only for calls without options.
  config.cacheMiddleware = true;
  const signer = new SignatureV4({
    credentials: () => config.credentials(),
    region: () => config.region(),
    service: 'xray',
    sha256: Sha256,
  });
  // Else one is made for each call, of a copy of the whole configuration.
  config.signer = async () => signer;
  // It copies all of an answer for a log that nobody keeps.
  middlewareStack.remove('loggerMiddleware');
  // For what runs within Lambda.
  middlewareStack.remove('recursionDetectionMiddleware');
  // There are no retries. Others are placed after it by its name.
  middlewareStack.add((next) => next, { ...RETRY, override: true });
  const agent = await userAgent(config);
  middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['user-agent'] = agent;
      return next(args);
    },
    { step: 'build', name: 'getUserAgentMiddleware', priority: 'low', override: true },
  );
  config.protocol = withBytes(config.protocol as Protocol);
  if (local) config.requestHandler = new LoopbackHandler(config.requestHandler);
}

const RETRY = { step: 'finalizeRequest', name: 'retryMiddleware', priority: 'high' } as const;

async function userAgent(config: XRayClient['config']): Promise<string> {
  const pairs = await config.defaultUserAgentProvider();
  return pairs.map(([name, version]) => (version ? `${name}/${version}` : name)).join(' ');
}

/**
 * The protocol, which reads answers of BatchGetTraces at once: JSON.parse gives what the SDK's walk along
 * the schema copies member by member. Whatever is no such answer is read by the SDK.
 */
function withBytes(official: Protocol): Protocol {
  const deserializeResponse: Protocol['deserializeResponse'] = async (
    operation,
    context,
    response,
  ) => {
    if (operation.name === 'BatchGetTraces' && response.statusCode === 200) {
      const { body } = response;
      const bytes = body instanceof Uint8Array ? body : await context.streamCollector(body);
      // Read once; the SDK takes bytes as well.
      response.body = bytes;
      const answer = parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (answer !== null) return answer as never;
    }
    return official.deserializeResponse(operation, context, response);
  };
  return Object.create(official, { deserializeResponse: { value: deserializeResponse } });
}

function parsed(bytes: Buffer): TracesAnswer | null {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return { ...value, bytes, $metadata: { httpStatusCode: 200 } };
  } catch {
    return null;
  }
}
