import type { FunctionUrl } from './backing.ts';
import { answered, arnOf, type LambdaCall } from './lambda-call.ts';
import { type ServiceAnswer, ServiceError } from './wire.ts';

/** GetFunctionUrlConfig: of the front on this machine. */
export function getFunctionUrl(call: LambdaCall): ServiceAnswer {
  const url = call.qualifier === null ? call.backing.functionUrl(call.name) : undefined;
  if (url === undefined) {
    throw new ServiceError(
      404,
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
      { Type: 'User' },
    );
  }
  return answered(members(call, url));
}

/** ListFunctionUrlConfigs: one at most. */
export function listFunctionUrls(call: LambdaCall): ServiceAnswer {
  const url = call.backing.functionUrl(call.name);
  return answered({ FunctionUrlConfigs: url === undefined ? [] : [members(call, url)] });
}

function members({ backing, name }: LambdaCall, url: FunctionUrl): Record<string, unknown> {
  const created = new Date(url.createdMs).toISOString();
  return {
    FunctionUrl: url.url,
    FunctionArn: arnOf(backing, name, null),
    AuthType: 'NONE',
    InvokeMode: url.invokeMode === 'buffered' ? 'BUFFERED' : 'RESPONSE_STREAM',
    CreationTime: created,
    LastModifiedTime: created,
  };
}
