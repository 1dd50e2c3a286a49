import { UsageError } from '../../base/errors.ts';
import type { DeployedEndpoint } from '../../model/deployed-endpoint.ts';
import type { Front } from '../../model/endpoint.ts';
import { isRegionName } from '../../model/region-name.ts';
import type { Signing } from '../../model/scenario.ts';
import { regionOfEnvironment } from '../region-of-environment.ts';
import { type Environment, headersOf } from '../settings/secrets.ts';
import { type Address, addressOf, functionReference } from './address.ts';
import type { EndpointInput, EndpointsInput } from './schema.ts';

/** What an endpoint's own settings leave open. */
interface EndpointSurroundings {
  env: Environment;
  /** Of `--region`, where it was said. */
  region: string | null;
}

/** It begins the ids of cells, which are folders. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
/** What a front's requests are signed for. */
const SERVICES: Partial<Record<Front, Signing['service']>> = {
  'rest-api': 'execute-api',
  'http-api': 'execute-api',
  'function-url': 'lambda',
  invoke: 'lambda',
  appsync: 'appsync',
};
const WITH_METRICS: readonly Front[] = ['rest-api', 'http-api', 'appsync'];

/** All endpoints, checked. `named`: `bench.config.ts: endpoints`. Throws UsageError with the field. */
export function endpointsOf(
  input: EndpointsInput,
  named: string,
  surroundings: EndpointSurroundings,
): DeployedEndpoint[] {
  const entries = Object.entries(input);
  if (entries.length === 0) throw new UsageError(`${named}: it names no endpoint`);
  return entries.map(([name, one]) => {
    const field = `${named}.${name}`;
    if (!NAME.test(name)) {
      throw new UsageError(
        `${named}: "${name}" is no name for an endpoint: up to 32 letters, digits, - and _`,
      );
    }
    return endpointOf(name, one, field, surroundings);
  });
}

/** One endpoint, checked. Throws UsageError with the field. */
export function endpointOf(
  name: string,
  input: EndpointInput,
  named: string,
  surroundings: EndpointSurroundings,
): DeployedEndpoint {
  const at = fieldsOf(named);
  const address = input.url === undefined ? null : addressOf(input.url, at('url'));
  const front = frontOf(input, address, at);
  const reference =
    input.function === undefined ? null : functionReference(input.function, at('function'));
  if (input.region !== undefined && !isRegionName(input.region)) {
    throw new UsageError(`${at('region')}: "${input.region}" is not the name of a region`);
  }
  const region =
    input.region ??
    reference?.region ??
    address?.region ??
    surroundings.region ??
    regionOfEnvironment(surroundings.env)?.region ??
    null;
  if (region === null && reference !== null) {
    throw new UsageError(
      `${at('region')}: the region of its function is not told by url or function; say it`,
    );
  }
  if (input.renew === true && reference === null) {
    throw new UsageError(`${at('renew')}: only a function can be renewed; say function, too`);
  }
  if (input.renew === true && reference?.qualifier != null) {
    throw new UsageError(
      `${at('renew')}: behind an alias stands a version, which a change of the function does not reach; name the function without ":${reference.qualifier}"`,
    );
  }
  if (input.metrics !== undefined && !WITH_METRICS.includes(front)) {
    throw new UsageError(
      `${at('metrics')}: CloudWatch's metrics of a front are read for ${WITH_METRICS.join(', ')}, and this is ${front}`,
    );
  }
  const headers = headersOf(input.headers ?? {}, at('headers'), surroundings.env);
  const signing = signingOf(input, front, region, at);
  const taken = Object.keys(headers).find((header) => SIGNED.includes(header.toLowerCase()));
  if (signing !== null && front !== 'invoke' && taken !== undefined) {
    throw new UsageError(`${at('headers')}: ${taken} is part of the signature; leave one out`);
  }
  return {
    name,
    url: address?.url.href ?? null,
    front,
    signing,
    headers,
    region,
    functionName: reference?.functionName ?? null,
    qualifier: reference?.qualifier ?? null,
    metrics: input.metrics ?? null,
    renew: input.renew ?? false,
    named,
  };
}

/** Set by who signs. */
const SIGNED = ['authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'];

function frontOf(input: EndpointInput, address: Address | null, at: Fields): Front {
  if (input.front === 'invoke') {
    if (address !== null) {
      throw new UsageError(
        `${at('url')}: the front invoke has the address of Lambda itself; leave url out`,
      );
    }
    if (input.function === undefined) {
      throw new UsageError(`${at('function')}: the front invoke needs it`);
    }
    return 'invoke';
  }
  if (address === null) {
    throw new UsageError(`${at('url')}: it is missing; only the front invoke has none`);
  }
  const told = address.front;
  if (told !== null && input.front !== undefined && input.front !== told) {
    throw new UsageError(`${at('front')}: its url is that of the front ${told}`);
  }
  return input.front ?? told ?? 'other';
}

function signingOf(
  input: EndpointInput,
  front: Front,
  region: string | null,
  at: Fields,
): Signing | null {
  const auth = input.auth ?? (front === 'invoke' ? 'sigv4' : 'none');
  if (auth === 'none') {
    if (front !== 'invoke') return null;
    throw new UsageError(`${at('auth')}: Lambda's Invoke takes signed requests only`);
  }
  const service = SERVICES[front];
  if (service === undefined) {
    throw new UsageError(
      `${at('front')}: a request is signed for a service; say which front it is: ${Object.keys(SERVICES).join(', ')}`,
    );
  }
  if (region === null) {
    throw new UsageError(`${at('region')}: its url does not tell the region to sign for; say it`);
  }
  return { service, region };
}

type Fields = (field: keyof EndpointInput) => string;

/** A flag is a field of its own. */
function fieldsOf(named: string): Fields {
  return (field) => (named.startsWith('--') ? named : `${named}.${field}`);
}
