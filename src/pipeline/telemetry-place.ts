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
