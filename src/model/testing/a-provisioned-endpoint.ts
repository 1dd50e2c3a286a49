import type { ProvisionedEndpoint } from '../ports.ts';

/** A function `f` behind a REST API that nothing of AWS is asked about, with what a test wants different. */
export function aProvisionedEndpoint(own: Partial<ProvisionedEndpoint> = {}): ProvisionedEndpoint {
  return {
    url: '',
    asEvent: false,
    signing: null,
    headers: {},
    front: 'rest-api',
    memoryMb: 1024,
    functionName: 'f',
    qualifier: null,
    logGroup: '/aws/lambda/f',
    frontDimensions: null,
    traced: true,
    aws: null,
    ...own,
  };
}
