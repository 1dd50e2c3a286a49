import { invokeUrl } from '../../aws/invoke-url.ts';
import { ToolError } from '../../base/errors.ts';
import type { DeployedFunction } from '../../model/deployment.ts';
import type { Front } from '../../model/endpoint.ts';
import type { AwsAccess, ProvisionedEndpoint } from '../../model/ports.ts';

type Address = Pick<ProvisionedEndpoint, 'url' | 'asEvent' | 'signing' | 'frontDimensions'>;

/** Where and how a front of a deployed function is asked. Throws ToolError for one it has not. */
export function addressOf(of: DeployedFunction, front: Front, access: AwsAccess): Address {
  const { region } = access;
  if (front === 'invoke') {
    return {
      url: invokeUrl(of.name, of.qualifier, access),
      asEvent: true,
      signing: { service: 'lambda', region },
      frontDimensions: null,
    };
  }
  const deployed = of.fronts[front];
  if (deployed === undefined) throw new ToolError(`${of.name} was deployed without ${front}`);
  const isFunctionUrl = front === 'function-url';
  return {
    // Servers may route by path: behind every front it is the same one.
    url: isFunctionUrl ? new URL('/graphql', deployed.url).href : deployed.url,
    asEvent: false,
    signing: { service: isFunctionUrl ? 'lambda' : 'execute-api', region },
    frontDimensions: deployed.dimensions,
  };
}
