import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  LambdaFunctionURLEvent,
} from 'aws-lambda';
import { expectTypeOf, test } from 'vitest';
import type { Format2Event } from './format-2-event.ts';
import type { RestEvent } from './rest-event.ts';

/** Checked by the compiler (`npm run types`): the events as AWS's users know them. */

type RestContext = APIGatewayProxyEvent['requestContext'];
type Identity = RestContext['identity'];
type Excess<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;
type Missing<Ours, Theirs> = Exclude<keyof Theirs, keyof Ours>;
/** Keys that must be there. */
type Required<T> = { [K in keyof T as Record<never, never> extends Pick<T, K> ? never : K]: T[K] };

test('the event of a REST API has every field of @types/aws-lambda but those AWS does not send', () => {
  expectTypeOf<Excess<RestEvent, APIGatewayProxyEvent>>().toBeNever();
  expectTypeOf<Missing<RestEvent, APIGatewayProxyEvent>>().toBeNever();
  // AWS sends the first; the others come with authorizers, API keys and mutual TLS only.
  expectTypeOf<Excess<RestEvent['requestContext'], RestContext>>().toEqualTypeOf<'deploymentId'>();
  expectTypeOf<
    Missing<RestEvent['requestContext'], Required<RestContext>>
  >().toEqualTypeOf<'authorizer'>();
  expectTypeOf<Excess<RestEvent['requestContext']['identity'], Identity>>().toBeNever();
  expectTypeOf<
    Missing<RestEvent['requestContext']['identity'], Required<Identity>>
  >().toEqualTypeOf<'apiKey' | 'apiKeyId' | 'clientCert'>();
  expectTypeOf<Omit<RestEvent, 'requestContext'>>().toExtend<
    Omit<APIGatewayProxyEvent, 'requestContext'>
  >();
  expectTypeOf<Omit<RestEvent['requestContext'], 'identity'>>().toExtend<
    Omit<RestContext, 'identity' | 'authorizer'>
  >();
  expectTypeOf<RestEvent['requestContext']['identity']>().toExtend<
    Omit<Identity, 'apiKey' | 'apiKeyId' | 'clientCert'>
  >();
});

test('an event of format 2.0 is one of @types/aws-lambda, with nothing beside', () => {
  expectTypeOf<Format2Event>().toExtend<APIGatewayProxyEventV2>();
  expectTypeOf<Format2Event>().toExtend<LambdaFunctionURLEvent>();
  expectTypeOf<Excess<Format2Event, APIGatewayProxyEventV2>>().toBeNever();
  expectTypeOf<
    Excess<Format2Event['requestContext'], APIGatewayProxyEventV2['requestContext']>
  >().toBeNever();
  // Of a route with variables, which `$default` is not.
  expectTypeOf<Missing<Format2Event, APIGatewayProxyEventV2>>().toEqualTypeOf<'pathParameters'>();
});
