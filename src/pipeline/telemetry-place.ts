import { ENDPOINT_FRONTS } from '../model/endpoint.ts';
import type { AwsAccess, ProvisionedEndpoint } from '../model/ports.ts';
import type { TelemetryPlace } from '../model/run.ts';
import type { LiveCell } from './provision.ts';

/** Where a cell's telemetry is to be found once the run is over; none where AWS is asked nothing. */
export function telemetryPlace({ cell, endpoint }: LiveCell): TelemetryPlace[] {
  const { aws, front, functionName, qualifier, logGroup, frontDimensions, traced } = endpoint;
  if (aws === null) return [];
  const { region, endpoint: awsEndpoint } = aws;
  return [
    {
      cellId: cell.id,
      region,
      awsEndpoint,
      front,
      functionName,
      qualifier,
      logGroup,
      frontDimensions,
      traced,
    },
  ];
}

/** An endpoint as far as its telemetry can be read from there; it cannot be asked. */
export function endpointAt(
  place: TelemetryPlace,
  credentials: AwsAccess['credentials'],
): ProvisionedEndpoint {
  const { region, awsEndpoint, functionName, qualifier, logGroup, frontDimensions } = place;
  return {
    url: '',
    asEvent: false,
    signing: null,
    headers: {},
    front: ENDPOINT_FRONTS.find((front) => front === place.front) ?? 'other',
    memoryMb: null,
    functionName,
    qualifier,
    logGroup,
    frontDimensions,
    traced: place.traced,
    aws: { region, endpoint: awsEndpoint, credentials },
  };
}
