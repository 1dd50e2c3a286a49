import { accountSettings } from './account-settings.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases.ts';
import type { Backing } from './backing.ts';
import {
  deleteProvisioned,
  deleteReserved,
  getProvisioned,
  getReserved,
  listProvisioned,
  putProvisioned,
  putReserved,
} from './concurrency.ts';
import { parseFunctionName } from './function-name.ts';
import { getFunctionUrl, listFunctionUrls } from './function-urls.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './functions.ts';
import { invokeFunction } from './invoke.ts';
import { invokeWithResponseStream } from './invoke-stream.ts';
import {
  functionNotFound,
  inLambdaTerms,
  invalidValue,
  type LambdaCall,
  lambdaInvalid,
} from './lambda-call.ts';
import { updateFunctionConfiguration } from './update-configuration.ts';
import { listVersions, publishVersion } from './versions.ts';
import { type ServiceAnswer, type ServiceRequest, unknownOperation } from './wire.ts';

type Operation = (call: LambdaCall) => ServiceAnswer | Promise<ServiceAnswer>;

/** Each operation belongs to the version of the API it came with. */
const FUNCTION_PATH = /^\/(\d{4}-\d\d-\d\d)\/functions\/([^/]+)(\/[a-z-]+)?(?:\/([^/]+))?$/;

const OF_ACCOUNT: Readonly<Record<string, (call: Omit<LambdaCall, 'name'>) => ServiceAnswer>> = {
  'GET /2015-03-31/functions': listFunctions,
  'GET /2016-08-19/account-settings': accountSettings,
};

const OF_FUNCTION: Readonly<Record<string, Operation>> = {
  'POST 2015-03-31/invocations': invokeFunction,
  'POST 2021-11-15/response-streaming-invocations': invokeWithResponseStream,
  'GET 2015-03-31': getFunction,
  'GET 2015-03-31/configuration': getFunctionConfiguration,
  'PUT 2015-03-31/configuration': updateFunctionConfiguration,
  'GET 2015-03-31/versions': listVersions,
  'POST 2015-03-31/versions': publishVersion,
  'GET 2015-03-31/aliases': listAliases,
  'POST 2015-03-31/aliases': createAlias,
  'GET 2015-03-31/aliases/*': getAlias,
  'PUT 2015-03-31/aliases/*': updateAlias,
  'DELETE 2015-03-31/aliases/*': deleteAlias,
  'GET 2021-10-31/url': getFunctionUrl,
  'GET 2021-10-31/urls': listFunctionUrls,
  'PUT 2017-10-31/concurrency': putReserved,
  'GET 2019-09-30/concurrency': getReserved,
  'DELETE 2017-10-31/concurrency': deleteReserved,
  'PUT 2019-09-30/provisioned-concurrency': putProvisioned,
  'GET 2019-09-30/provisioned-concurrency': (call) =>
    call.request.query.get('List') === 'ALL' ? listProvisioned(call) : getProvisioned(call),
  'DELETE 2019-09-30/provisioned-concurrency': deleteProvisioned,
};

/** Lambda: Invoke, and the control plane as far as it is about running functions. */
export async function lambda(backing: Backing, request: ServiceRequest): Promise<ServiceAnswer> {
  const { method, path } = request;
  const ofAccount = `${method} ${path.replace(/\/$/, '')}`;
  try {
    if (Object.hasOwn(OF_ACCOUNT, ofAccount)) {
      return (OF_ACCOUNT[ofAccount] as (typeof OF_ACCOUNT)[string])({
        backing,
        request,
        qualifier: null,
        part: null,
      });
    }
    const match = FUNCTION_PATH.exec(path);
    const part = match?.[4] === undefined ? '' : '/*';
    const key = `${method} ${match?.[1]}${match?.[3] ?? ''}${part}`;
    if (match === null || !Object.hasOwn(OF_FUNCTION, key)) throw unknownOperation();
    return await (OF_FUNCTION[key] as Operation)(callOf(backing, request, match));
  } catch (error) {
    throw inLambdaTerms(error);
  }
}

function callOf(backing: Backing, request: ServiceRequest, match: RegExpExecArray): LambdaCall {
  const reference = parseFunctionName(match[2] as string);
  if (reference === null) {
    throw lambdaInvalid('ValidationException', `FunctionName is not valid: ${match[2]}`);
  }
  const asked = request.query.get('Qualifier');
  if (asked !== null && !/^[a-zA-Z0-9$_-]{1,128}$/.test(asked)) {
    throw lambdaInvalid(
      'ValidationException',
      `1 validation error detected: Value '${asked.slice(0, 128)}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)`,
    );
  }
  if (asked !== null && reference.qualifier !== null && asked !== reference.qualifier) {
    throw invalidValue(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const { name } = reference;
  const qualifier = asked ?? reference.qualifier;
  if (backing.functions.configuration(name) === undefined) {
    throw functionNotFound(backing, name, qualifier);
  }
  return { backing, request, name, qualifier, part: decodedPart(match[4]) };
}

function decodedPart(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw lambdaInvalid('ValidationException', `Name is not valid: ${text}`);
  }
}
