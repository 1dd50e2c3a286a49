import { lambdaClient } from '../../aws/clients.ts';
import { UsageError } from '../../base/errors.ts';
import { isLoopbackHost } from '../../base/loopback.ts';
import type { DeployedEndpoint, FoundFunction } from '../../model/deployed-endpoint.ts';
import type { AwsAccess } from '../../model/ports.ts';

/**
 * A load is sent only to what is the user's: this machine, or an address that Lambda itself, asked
 * with the user's credentials, names as one of the function's. Throws UsageError for any other, unless
 * `owned`, the user's word.
 */
export async function checkOwnership(
  endpoint: DeployedEndpoint,
  found: FoundFunction | null,
  access: AwsAccess | null,
  owned: boolean,
): Promise<void> {
  // Invoke is signed with the user's own keys.
  if (endpoint.url === null || owned) return;
  const { hostname } = new URL(endpoint.url);
  if (isLoopbackHost(hostname)) return;
  if (found !== null && access !== null && (await isOfFunction(hostname, found, access))) return;
  const how =
    endpoint.functionName === null
      ? 'it is not known whose it is'
      : `Lambda does not name it as an address of ${endpoint.functionName}, or may not be asked`;
  throw new UsageError(
    `${endpoint.named}: a load on ${hostname} costs its owner money and may count as an attack, and ${how}; if it is yours, or its owner agreed, say so with --i-own-this`,
  );
}

/** Two of Lambda's answers name addresses: the function's URL, and who may invoke it. */
async function isOfFunction(
  hostname: string,
  { name, qualifier }: FoundFunction,
  access: AwsAccess,
): Promise<boolean> {
  const { GetFunctionUrlConfigCommand, GetPolicyCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambdaClient(access, 1);
  const asked = { FunctionName: name, ...(qualifier !== null && { Qualifier: qualifier }) };
  try {
    const api = /^([a-z0-9]+)(?:-vpce-[a-z0-9]+)?\.execute-api\./.exec(hostname)?.[1];
    if (api !== undefined) {
      const { Policy = '' } = await client.send(new GetPolicyCommand(asked));
      // `arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/POST/graphql`
      return new RegExp(`:execute-api:${access.region}:\\d{12}:${api}/`).test(Policy);
    }
    const { FunctionUrl = '' } = await client.send(new GetFunctionUrlConfigCommand(asked));
    return URL.parse(FunctionUrl)?.hostname === hostname;
  } catch {
    // No such address, or no right to ask: not proven.
    return false;
  } finally {
    client.destroy();
  }
}
