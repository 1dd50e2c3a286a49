import { invokeUrl } from '../../aws/invoke-url.ts';
import { renewFunction, settlingMs } from '../../aws/renew-function.ts';
import { ToolError } from '../../base/errors.ts';
import { functionOf, type ProvisionedEndpoint, type Target } from '../../model/ports.ts';
import type { KnownEndpoint } from './look-up.ts';
import { reach } from './reach.ts';

type UrlEndpoint = ProvisionedEndpoint & { renew: boolean };

/**
 * Endpoints that the user deployed: measured as they are, at the addresses they have. Nothing of them
 * is changed, but the configuration of a function whose `renew` is set.
 */
export function createUrlTarget({
  endpoints,
  signal,
}: {
  endpoints: readonly KnownEndpoint[];
  signal: AbortSignal;
}): Target {
  const renew = async (endpoint: ProvisionedEndpoint, within: AbortSignal) => {
    const { aws, functionName } = functionOf(endpoint);
    await renewFunction(aws, functionName, { settleMs: settlingMs(aws), signal: within });
  };

  return {
    name: 'url',

    async provision({ endpoint: { backend } }): Promise<UrlEndpoint> {
      const known = endpoints.find(({ endpoint }) => endpoint.name === backend);
      if (known === undefined) throw new ToolError(`there is no endpoint ${backend}`);
      const provisioned = addressed(known);
      await reach(provisioned.url, known.endpoint.named, signal);
      return provisioned;
    },

    measureInits: async () => [],
    measureInitRate: async () => null,
    renewEnvironments: renew,

    async beginTrial(endpoint) {
      if ((endpoint as UrlEndpoint).renew) await renew(endpoint, signal);
    },

    endTrial: async () => null,
    close: async () => {},
  };
}

function addressed({ endpoint, found, access }: KnownEndpoint): UrlEndpoint {
  const { front, signing, headers, metrics, functionName, qualifier } = endpoint;
  const asEvent = front === 'invoke';
  const name = found?.name ?? functionName;
  const url =
    asEvent && name !== null && access !== null ? invokeUrl(name, qualifier, access) : endpoint.url;
  if (url === null) throw new ToolError(`${endpoint.named} has no address`);
  return {
    url,
    asEvent,
    signing,
    headers,
    front,
    memoryMb: found?.memoryMb ?? null,
    functionName: found?.name ?? null,
    qualifier,
    logGroup: found?.logGroup ?? null,
    frontDimensions: metrics,
    // The stage of a REST API and AppSync may trace what the function behind does not.
    traced: found !== null && (found.traced || front === 'rest-api' || front === 'appsync'),
    aws: access,
    renew: endpoint.renew,
  };
}
