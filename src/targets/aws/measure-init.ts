import { lambdaClient } from '../../aws/clients.ts';
import { explained } from '../../aws/explain.ts';
import { renewFunction } from '../../aws/renew-function.ts';
import type { KnownFunction } from '../../model/ports.ts';
import { initDurationMs } from './init-duration.ts';

/** A GraphQL request as all fronts but the REST API hand it over (payload format 2.0); asks no backend. */
const EVENT = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/graphql',
  rawQueryString: '',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    http: { method: 'POST', path: '/graphql', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
  },
  body: JSON.stringify({ query: '{ __typename }' }),
  isBase64Encoded: false,
};

/**
 * Changes the function, invokes it once and reads how long its environment took to initialise; null
 * where the request met an environment all the same. Of an alias the function itself is invoked: it is
 * the same code, on demand.
 */
export async function measureInit(
  { functionName, aws }: KnownFunction,
  { settleMs, signal }: { settleMs: number; signal: AbortSignal },
): Promise<number | null> {
  await renewFunction(aws, functionName, { settleMs, signal });
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambdaClient(aws, 1);
  try {
    const { LogResult = '' } = await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        LogType: 'Tail',
        Payload: JSON.stringify(EVENT),
      }),
      { abortSignal: signal },
    );
    return initDurationMs(Buffer.from(LogResult, 'base64').toString('utf8'));
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, `measure how long ${functionName} takes to initialise`);
  } finally {
    client.destroy();
  }
}
