import { UsageError } from '../../base/errors.ts';
import { isLoopbackHost } from '../../base/loopback.ts';
import type {
  DeployedEndpoint,
  DeployedEndpoints,
  FoundFunction,
} from '../../model/deployed-endpoint.ts';
import { ARCHITECTURES } from '../../model/endpoint.ts';
import type { AwsAccess, DeployedOn } from '../../model/ports.ts';
import type { Warning } from '../../model/warning.ts';
import { findFunction } from './find-function.ts';
import { checkOwnership } from './ownership.ts';

/** An endpoint with what could be found out about it. */
export interface KnownEndpoint {
  endpoint: DeployedEndpoint;
  /** null: it was not named, or may not be asked. */
  found: FoundFunction | null;
  /** null: nothing of AWS is asked about it. */
  access: AwsAccess | null;
}

export interface LookedUp {
  endpoints: KnownEndpoint[];
  /** What each runs on, by its name: for the cells. */
  platforms: ReadonlyMap<string, DeployedOn>;
  warnings: Warning[];
}

/**
 * Finds out what is known of endpoints that the user deployed, and that they are the user's, before
 * anything is sent to them. `awsEndpoint`: where AWS's APIs answer; null: AWS itself. Throws
 * UsageError naming the endpoint.
 */
export async function lookUpEndpoints(
  { endpoints }: DeployedEndpoints,
  { awsEndpoint, owned }: { awsEndpoint: string | null; owned: boolean },
): Promise<LookedUp> {
  const known: KnownEndpoint[] = [];
  const warnings: Warning[] = [];
  for (const endpoint of endpoints) {
    const note = (code: string, message: string) =>
      warnings.push({ code, severity: 'note', message: `${endpoint.name}: ${message}` });
    const access: AwsAccess | null =
      endpoint.region !== null && (endpoint.functionName !== null || endpoint.signing !== null)
        ? { region: endpoint.region, endpoint: awsEndpoint, credentials: null }
        : null;
    const found = await foundOf(endpoint, access, note);
    await checkOwnership(endpoint, found, access, owned);
    if (isOpen(endpoint)) {
      note('unencrypted', `requests go to ${endpoint.url} unencrypted, headers included`);
    }
    known.push({ endpoint, found, access });
  }
  if (known.some(({ endpoint, found }) => found !== null && !endpoint.renew)) {
    warnings.push({
      code: 'environments-kept',
      severity: 'note',
      message:
        'Nothing of your functions is changed: a trial begins with the environments that are there, so that it has fewer cold starts than one that begins with none (renew: true changes that).',
    });
  }
  const platforms = known.map(
    ({ endpoint, found }) => [endpoint.name, platformOf(endpoint, found)] as const,
  );
  return { endpoints: known, platforms: new Map(platforms), warnings };
}

async function foundOf(
  endpoint: DeployedEndpoint,
  access: AwsAccess | null,
  note: (code: string, message: string) => void,
): Promise<FoundFunction | null> {
  if (access === null || endpoint.functionName === null) {
    note(
      'client-side-only',
      `only what clients see is measured, for no function is named (${endpoint.named}): no traces, logs, cold starts or cost of it`,
    );
    return null;
  }
  const finding = await findFunction(endpoint, access);
  if (finding.found !== null) {
    for (const warning of finding.warnings) note('telemetry-incomplete', warning);
    return finding.found;
  }
  if (endpoint.renew || endpoint.front === 'invoke') {
    throw new UsageError(`${endpoint.named}: ${finding.because}`);
  }
  note(
    'client-side-only',
    `only what clients see is measured, no traces, logs, cold starts or cost of it: ${finding.because}`,
  );
  return null;
}

function isOpen({ url }: DeployedEndpoint): boolean {
  if (url === null) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopbackHost(hostname);
}

function platformOf({ front }: DeployedEndpoint, found: FoundFunction | null): DeployedOn {
  const platform = {
    memoryMb: found?.memoryMb ?? null,
    front,
    runtime: found?.runtime ?? null,
    timeoutS: found?.timeoutS ?? null,
    provisionedConcurrency: 0,
    reservedConcurrency: null,
    responseStreaming: false,
    revision: null,
  };
  const architecture = ARCHITECTURES.find((name) => name === found?.architecture) ?? null;
  return { platform, architecture };
}
