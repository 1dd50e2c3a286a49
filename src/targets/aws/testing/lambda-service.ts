import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsAccess } from '../../../model/ports.ts';

/**
 * Lambda's control plane for one function with an alias, as its published model has it, for what
 * neither the emulator nor moto answers: provisioned concurrency of a version, quotas, and GetCallerIdentity.
 */
export interface LambdaService {
  access: AwsAccess;
  /** What was changed, in order: `PUT provisioned-concurrency 2 of 1`. */
  changes: string[];
  /** The version the alias points to, and how many environments of it are provisioned. */
  alias: { version: number; provisioned: number | null };
  quota: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number };
  /** Told after a configuration was put, one by one, the last for ever. */
  states: { Status: string; StatusReason?: string }[];
  /** Not null: the operation of this path is refused with it. */
  refusal: { path: RegExp; status: number; type: string; message: string } | null;
  close(): void;
}

const READY = { Status: 'READY' };

export async function startLambdaService(): Promise<LambdaService> {
  const variables: Record<string, string> = {};
  const descriptions = new Map([['1', '']]);
  let polls = 0;
  /** Told of a deletion this many times before it is seen. */
  let lingers = 0;
  const service: LambdaService = {
    access: { region: 'us-east-1', endpoint: null, credentials: KEYS },
    changes: [],
    alias: { version: 1, provisioned: null },
    quota: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 },
    states: [READY],
    refusal: null,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  const { changes, alias } = service;

  function provisionedState() {
    const state = service.states[Math.min(polls++, service.states.length - 1)] ?? READY;
    const requested = alias.provisioned ?? 0;
    return {
      ...state,
      RequestedProvisionedConcurrentExecutions: requested,
      AvailableProvisionedConcurrentExecutions: state.Status === 'READY' ? requested : 0,
    };
  }

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const answer = (status: number, body: object | string, type?: string) => {
        response.writeHead(status, {
          'content-type': typeof body === 'string' ? 'text/xml' : 'application/json',
          ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
        });
        response.end(status === 204 ? '' : typeof body === 'string' ? body : JSON.stringify(body));
      };
      const { refusal } = service;
      if (refusal?.path.test(`${request.method} ${pathname}`)) {
        return answer(refusal.status, { message: refusal.message }, refusal.type);
      }
      if (pathname === '/') return answer(200, IDENTITY);
      if (pathname.endsWith('/account-settings'))
        return answer(200, { AccountLimit: service.quota });
      const body = text === '' ? {} : JSON.parse(text);
      const qualifier = searchParams.get('Qualifier');
      switch (`${request.method} ${pathname.replace(/^.*\/functions\/f/, '')}`) {
        case 'GET /configuration': {
          const version = qualifier === 'live' ? String(alias.version) : (qualifier ?? '$LATEST');
          return answer(200, {
            FunctionName: 'f',
            Version: version,
            Description: descriptions.get(version) ?? '',
            State: 'Active',
            LastUpdateStatus: 'Successful',
            RevisionId: 'r',
            Environment: { Variables: variables },
          });
        }
        case 'PUT /configuration':
          Object.assign(variables, body.Environment.Variables);
          changes.push('PUT configuration');
          return answer(200, { LastUpdateStatus: 'Successful' });
        case 'POST /versions': {
          const version = String(descriptions.size + 1);
          descriptions.set(version, body.Description);
          changes.push(`published ${version}`);
          return answer(201, { Version: version, State: 'Pending' });
        }
        case 'PUT /aliases/live':
          alias.version = Number(body.FunctionVersion);
          changes.push(`live is ${body.FunctionVersion}`);
          return answer(200, {});
        case 'DELETE ':
          changes.push(`deleted version ${qualifier}`);
          return answer(204, {});
        case 'PUT /provisioned-concurrency':
          if (alias.provisioned !== null) {
            return answer(409, { message: 'one is there' }, 'ResourceConflictException');
          }
          alias.provisioned = body.ProvisionedConcurrentExecutions;
          polls = 0;
          changes.push(`${alias.provisioned} provisioned of ${alias.version}`);
          return answer(202, provisionedState());
        case 'DELETE /provisioned-concurrency':
          if (alias.provisioned === null) return answer(404, NONE, NONE_FOUND);
          changes.push('provisioned deleted');
          alias.provisioned = null;
          lingers = 1;
          return answer(204, {});
        case 'GET /provisioned-concurrency':
          if (alias.provisioned === null && lingers-- > 0) return answer(200, provisionedState());
          if (alias.provisioned === null) return answer(404, NONE, NONE_FOUND);
          return answer(200, provisionedState());
        case 'PUT /concurrency':
          changes.push(`${body.ReservedConcurrentExecutions} reserved`);
          return answer(200, body);
        case 'DELETE /concurrency':
          changes.push('reserved deleted');
          return answer(204, {});
        default:
          return answer(404, { message: `no ${request.method} ${pathname}` }, 'UnknownOperation');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.access.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

const KEYS = { accessKeyId: 'a', secretAccessKey: 'b' };
const NONE = { message: 'No Provisioned Concurrency Config found for this function' };
const NONE_FOUND = 'ProvisionedConcurrencyConfigNotFoundException';
const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>X</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
