import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import type { FunctionConfiguration } from '../types.ts';
import type { Backing } from './backing.ts';
import { decode, type ServiceAnswer, ServiceError, type ServiceRequest } from './wire.ts';

const reservedInput = z.object({ ReservedConcurrentExecutions: z.int().min(0) });
const provisionedInput = z.object({ ProvisionedConcurrentExecutions: z.int().min(1) });

/** PutFunctionConcurrency */
export function putReserved(
  backing: Backing,
  { name }: FunctionConfiguration,
  request: ServiceRequest,
): ServiceAnswer {
  const { ReservedConcurrentExecutions: reserved } = parsed(reservedInput, request);
  try {
    backing.functions.reserveConcurrency(name, reserved);
  } catch (error) {
    throw inAwsTerms(error);
  }
  return { status: 200, body: { ReservedConcurrentExecutions: reserved } };
}

/** GetFunctionConcurrency; also what GetFunction says of it. */
export function describeReserved(
  backing: Backing,
  { name }: FunctionConfiguration,
): Record<string, number> {
  const { reserved } = backing.functions.concurrency(name);
  return reserved === null ? {} : { ReservedConcurrentExecutions: reserved };
}

/** DeleteFunctionConcurrency */
export function deleteReserved(backing: Backing, { name }: FunctionConfiguration): ServiceAnswer {
  backing.functions.reserveConcurrency(name, null);
  return { status: 204, body: null };
}

/** PutProvisionedConcurrencyConfig: answered before the environments are ready. */
export async function putProvisioned(
  backing: Backing,
  { name }: FunctionConfiguration,
  qualifier: string | null,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  checkQualifier(
    qualifier,
    'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  );
  const { ProvisionedConcurrentExecutions: asked } = parsed(provisionedInput, request);
  const ready = backing.functions.provisionConcurrency(name, asked);
  // What does not initialise is told by the state, not by this answer.
  ready.catch(() => {});
  try {
    await Promise.race([ready, nextTurn()]);
  } catch (error) {
    if (error instanceof UsageError) throw inAwsTerms(error);
  }
  return { status: 202, body: describeProvisioned(backing, name) };
}

/** GetProvisionedConcurrencyConfig */
export function getProvisioned(
  backing: Backing,
  { name }: FunctionConfiguration,
  qualifier: string | null,
): ServiceAnswer {
  checkQualifier(qualifier, NEITHER_ALIAS_NOR_VERSION);
  return { status: 200, body: describeProvisioned(backing, name) };
}

/** DeleteProvisionedConcurrencyConfig, whether there is one or not. */
export function deleteProvisioned(
  backing: Backing,
  { name }: FunctionConfiguration,
  qualifier: string | null,
): ServiceAnswer {
  checkQualifier(qualifier, NEITHER_ALIAS_NOR_VERSION);
  backing.functions.provisionConcurrency(name, 0).catch(() => {});
  return { status: 204, body: null };
}

const NEITHER_ALIAS_NOR_VERSION =
  'The function resource provided must be an alias or a published version.';

/** Lambda provisions for aliases and published versions only. */
function checkQualifier(qualifier: string | null, refusal: string): void {
  if (qualifier === null || qualifier === '') {
    throw invalid(
      'ValidationException',
      "1 validation error detected: Value null at 'qualifier' failed to satisfy constraint: Member must not be null",
    );
  }
  if (qualifier === '$LATEST') throw invalid('InvalidParameterValueException', refusal);
}

function describeProvisioned(backing: Backing, name: string): Record<string, unknown> {
  const { provisioned } = backing.functions.concurrency(name);
  if (provisioned === null) {
    throw new ServiceError(
      404,
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
      { Type: 'User' },
    );
  }
  return {
    RequestedProvisionedConcurrentExecutions: provisioned.requested,
    AvailableProvisionedConcurrentExecutions: provisioned.available,
    AllocatedProvisionedConcurrentExecutions: provisioned.available,
    Status: provisioned.status,
    ...(provisioned.reason === null ? {} : { StatusReason: provisioned.reason }),
    LastModified: provisioned.lastModified,
  };
}

function parsed<T>(schema: z.ZodType<T>, request: ServiceRequest): T {
  const input = schema.safeParse(decode('rest-json', request.body));
  if (!input.success) throw invalid('ValidationException', z.prettifyError(input.error));
  return input.data;
}

function inAwsTerms(error: unknown): unknown {
  return error instanceof UsageError
    ? invalid('InvalidParameterValueException', error.message)
    : error;
}

function invalid(code: string, message: string): ServiceError {
  return new ServiceError(400, code, message, { Type: 'User' });
}
