import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../base/errors.ts';
import { type LoopbackServer, listenOnLoopback, readBody } from '../loopback-server.ts';
import type { Backing } from './backing.ts';
import { cloudWatch } from './cloudwatch.ts';
import { lambda } from './lambda.ts';
import { logs } from './logs.ts';
import { actionOf } from './query-protocol.ts';
import { type Keys, SignatureCheck, scopeOf } from './signature.ts';
import {
  decode,
  type Protocol,
  type ServiceAnswer,
  ServiceError,
  type ServiceRequest,
  sendAnswer,
  sendError,
  unknownOperation,
} from './wire.ts';
import { xray } from './xray.ts';

/** Above Invoke's 6 MB, so that Lambda's own error is given for a larger event. */
const BODY_BYTES = 20 * 1024 * 1024;

/** One endpoint for all services: the scope of the signature says which. */
export async function startAwsEndpoint(
  backing: Backing,
  keys: Keys,
  port: number,
): Promise<LoopbackServer> {
  const signatures = new SignatureCheck(keys);
  return listenOnLoopback(answer, port, '--aws-port');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const service = scopeOf(request.headers);
    const protocol = protocolOf(service, request);
    try {
      const body = await readBody(request, BODY_BYTES);
      if (body === null) {
        throw new ServiceError(413, 'RequestEntityTooLargeException', 'The body is too large.');
      }
      const url = request.url as string;
      const mark = url.indexOf('?');
      const received: ServiceRequest = {
        method: request.method as string,
        path: mark < 0 ? url : url.slice(0, mark),
        query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
        headers: request.headers,
        body,
      };
      await signatures.check(received);
      await sendAnswer(response, protocol, await serve(backing, service, protocol, received));
    } catch (error) {
      // The answer broke off, since its reader went away: there is nobody to tell.
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const known =
        error instanceof ServiceError
          ? error
          : new ServiceError(500, 'InternalFailure', messageOf(error));
      await sendError(response, protocol, known);
    }
  }
}

async function serve(
  backing: Backing,
  service: string | null,
  protocol: Protocol,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  switch (service) {
    case 'lambda':
      return lambda(backing, request);
    case 'xray':
      return xray(backing, request);
    case 'monitoring': {
      const name = operationOf(request, protocol, 'GraniteServiceVersion20100801');
      const body = cloudWatch(backing, name, decode(protocol, request.body));
      return { status: 200, body, operation: name };
    }
    case 'logs': {
      const name = operationOf(request, protocol, 'Logs_20140328');
      return { status: 200, body: await logs(backing, name, decode(protocol, request.body)) };
    }
    default:
      throw unknownOperation();
  }
}

/** The operation's name: of the target header; in CBOR of the path, of a form its Action. */
function operationOf(request: ServiceRequest, protocol: Protocol, service: string): string {
  if (protocol === 'query') return actionOf(request.body.toString('utf8')) ?? '';
  const target =
    protocol === 'cbor'
      ? request.path.replace(/^\/service\/([^/]+)\/operation\/([^/]+)$/, '$1.$2')
      : request.headers['x-amz-target'];
  if (typeof target !== 'string' || !target.startsWith(`${service}.`)) throw unknownOperation();
  return target.slice(service.length + 1);
}

function protocolOf(service: string | null, request: IncomingMessage): Protocol {
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-amz-json-1.0')) return 'json-1.0';
  if (type.startsWith('application/x-amz-json-1.1')) return 'json-1.1';
  if (service === 'monitoring' && type.startsWith('application/x-www-form-urlencoded')) {
    return 'query';
  }
  return service === 'monitoring' || service === 'dynamodb' ? 'json-1.0' : 'rest-json';
}
