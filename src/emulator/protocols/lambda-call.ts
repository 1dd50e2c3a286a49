import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { LambdaRefusal, type LambdaRefusalCode } from '../lambda-refusal.ts';
import type { FunctionConfiguration } from '../types.ts';
import type { Backing } from './backing.ts';
import { pageOf } from './pages.ts';
import { validated } from './validation.ts';
import { decode, type ServiceAnswer, ServiceError, type ServiceRequest } from './wire.ts';

/** A request about a function that exists; its qualifier may not. */
export interface LambdaCall {
  backing: Backing;
  request: ServiceRequest;
  name: string;
  /** Version or alias; null where none was given. */
  qualifier: string | null;
  /** What the path names beneath the function: an alias. */
  part: string | null;
}

/** What ListFunctions and its like give at most, whatever MaxItems says. */
const PAGE = 50;
const pageSchema = z.object({
  MaxItems: z.coerce.number().int().min(1).max(10_000).nullish(),
});

const STATUS: Readonly<Record<LambdaRefusalCode, number>> = {
  InvalidParameterValueException: 400,
  PreconditionFailedException: 412,
  ResourceConflictException: 409,
  ResourceNotFoundException: 404,
};

/** What the function host refused, as the service's error. */
export function inLambdaTerms(error: unknown): unknown {
  if (error instanceof LambdaRefusal) {
    return new ServiceError(STATUS[error.code], error.code, error.message, { Type: 'User' });
  }
  return error instanceof UsageError ? invalidValue(error.message) : error;
}

export function functionNotFound(
  backing: Backing,
  name: string,
  qualifier: string | null,
): ServiceError {
  return notFound(`Function not found: ${arnOf(backing, name, qualifier)}`);
}

export function aliasNotFound(backing: Backing, name: string, alias: string): ServiceError {
  return notFound(`Cannot find alias arn: ${arnOf(backing, name, alias)}`);
}

export function arnOf(
  { region, accountId }: Backing,
  name: string,
  qualifier: string | null,
): string {
  const suffix = qualifier === null ? '' : `:${qualifier}`;
  return `arn:aws:lambda:${region}:${accountId}:function:${name}${suffix}`;
}

/** @throws ServiceError where there is no such version or alias */
export function configurationOf({ backing, name, qualifier }: LambdaCall): FunctionConfiguration {
  const configuration = backing.functions.configuration(name, qualifier);
  if (configuration === undefined) throw functionNotFound(backing, name, qualifier);
  return configuration;
}

export function lambdaInput<T>(schema: z.ZodType<T>, { request }: Pick<LambdaCall, 'request'>): T {
  return validated(schema, decode('rest-json', request.body), 'ValidationException');
}

/** The page that Marker and MaxItems of the query name. */
export function listed<T>(
  all: readonly T[],
  { request: { query } }: Pick<LambdaCall, 'request'>,
  most = 10_000,
): { items: T[]; next: { NextMarker?: string } } {
  const { MaxItems } = validated(
    pageSchema,
    { MaxItems: query.get('MaxItems') },
    'ValidationException',
  );
  if (MaxItems !== null && MaxItems !== undefined && MaxItems > most) {
    throw lambdaInvalid(
      'ValidationException',
      `1 validation error detected: Value '${MaxItems}' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to ${most}`,
    );
  }
  const limit = Math.min(MaxItems ?? PAGE, PAGE);
  const { items, next } = pageOf(all, query.get('Marker'), limit, () =>
    invalidValue('The Marker is not valid.'),
  );
  return { items, next: next === null ? {} : { NextMarker: next } };
}

export function answered(body: Record<string, unknown>, status = 200): ServiceAnswer {
  return { status, body };
}

export function invalidValue(message: string): ServiceError {
  return lambdaInvalid('InvalidParameterValueException', message);
}

export function lambdaInvalid(code: string, message: string): ServiceError {
  return new ServiceError(400, code, message, { Type: 'User' });
}

function notFound(message: string): ServiceError {
  return new ServiceError(404, 'ResourceNotFoundException', message, { Type: 'User' });
}
