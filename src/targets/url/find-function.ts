import { lambdaClient } from '../../aws/clients.ts';
import { explained, isServiceError } from '../../aws/explain.ts';
import { isExpected, messageOf, UsageError } from '../../base/errors.ts';
import type { DeployedEndpoint, FoundFunction } from '../../model/deployed-endpoint.ts';
import type { AwsAccess } from '../../model/ports.ts';

/** What Lambda says of a function, or why it cannot be asked. */
export type Finding =
  | { found: FoundFunction; warnings: string[] }
  | { found: null; because: string };

/**
 * Asks Lambda what is known of the function behind an endpoint. Where these credentials may not ask,
 * or there are none, the reason is returned: clients' figures can be measured all the same. Throws
 * UsageError where there is no such function, and what `explained` makes of other failures.
 */
export async function findFunction(
  { functionName, qualifier, named }: DeployedEndpoint,
  access: AwsAccess,
): Promise<Finding> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambdaClient(access, 1);
  const asked = functionName ?? '';
  try {
    const answer = await client.send(
      new GetFunctionConfigurationCommand({
        FunctionName: asked,
        ...(qualifier !== null && { Qualifier: qualifier }),
      }),
    );
    const name = answer.FunctionName ?? asked;
    const { LogGroup, SystemLogLevel } = answer.LoggingConfig ?? {};
    const traced = answer.TracingConfig?.Mode === 'Active';
    const warnings: string[] = [];
    if (!traced) {
      warnings.push(
        `the tracing of ${name} is not active, so that X-Ray has no segment of it: REPORT lines stand in for traces, and what its calls to backends take is not known`,
      );
    }
    if (SystemLogLevel === 'WARN') {
      warnings.push(
        `the system log level of ${name} is WARN, at which Lambda writes no REPORT lines: what it bills is not known`,
      );
    }
    return {
      found: {
        name,
        qualifier,
        memoryMb: answer.MemorySize ?? 128,
        timeoutS: answer.Timeout ?? 3,
        runtime: answer.Runtime ?? 'container',
        architecture: answer.Architectures?.[0] ?? 'x86_64',
        logGroup: LogGroup ?? `/aws/lambda/${name}`,
        traced,
      },
      warnings,
    };
  } catch (error) {
    const doing = `read the configuration of ${asked}`;
    if (isServiceError(error, 'ResourceNotFoundException')) {
      throw new UsageError(
        `${named}: there is no function ${full(asked, qualifier)} in ${access.region} for these credentials; check its name, its region and AWS_PROFILE`,
      );
    }
    const told = explained(error, doing);
    if (mayGoOn(error) && isExpected(told)) return { found: null, because: messageOf(told) };
    throw told;
  } finally {
    client.destroy();
  }
}

/** What is missing is a right or a login: the endpoint can be measured from outside. */
function mayGoOn(error: unknown): boolean {
  const none = error instanceof Error && error.name === 'CredentialsProviderError';
  return none || isServiceError(error, 'AccessDeniedException', 'AccessDenied');
}

const full = (name: string, qualifier: string | null) =>
  qualifier === null ? name : `${name}:${qualifier}`;
