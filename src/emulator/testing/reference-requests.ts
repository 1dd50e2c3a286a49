import type { Telemetry } from '../telemetry/telemetry.ts';

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** Differs from its neighbours in every digit, as random ids do. */
function spanId(index: number, kind: number): string {
  const high = Math.imul(index * 8 + kind + 1, 0x9e3779b1) >>> 0;
  const low = Math.imul(index * 8 + kind + 1, 0x85ebca6b) >>> 0;
  return hex(high, 8) + hex(low, 8);
}

/** The trace id of the `index`-th request; ids carry the second they were made in. */
export function referenceTraceId(startedUs: number, index: number): string {
  const second = Math.floor(startedUs / 1e6);
  return `1-${hex(second, 8)}-${spanId(index, 7)}${hex(index, 8)}`;
}

/**
 * Records the `index`-th request of the reference API as the emulator does: REST API, service, function
 * (the first of each thousand with an init), and two or three calls of DynamoDB.
 */
export function recordReference(telemetry: Telemetry, startedUs: number, index: number): void {
  const root = referenceTraceId(startedUs, index);
  const functionName = 'dynamo-1024-rest-api-apollo-x1-ramp';
  const requestId = `${spanId(index, 6).slice(0, 8)}-1111-4222-8333-${hex(index, 12)}`;
  const integration = spanId(index, 1);
  const invocation = spanId(index, 2);
  const at = (us: number) => startedUs + us;
  for (let call = 0; call < 2 + (index % 2); call += 1) {
    telemetry.receive(
      root,
      JSON.stringify({
        type: 'subsegment',
        id: spanId(index, 8 + call),
        trace_id: root,
        parent_id: invocation,
        name: 'DynamoDB',
        namespace: 'aws',
        start_time: at(2000 + call * 2000) / 1e6,
        end_time: at(3500 + call * 2000) / 1e6,
        http: { response: { status: 200 } },
        aws: {
          operation: 'GetItem',
          region: 'us-east-1',
          request_id: `5ZREV7MMPKL3WX4BQ7D2RG0MFY7NMDWWMBY2QNXMOFMMZ${hex(index, 8)}`,
          retries: 0,
          table_name: 'Users',
          resource_names: ['Users'],
        },
      }),
    );
  }
  telemetry.invocation({
    functionName,
    qualifier: null,
    version: '$LATEST',
    logFormat: 'Text',
    requestId,
    trace: { root, parent: integration, sampled: true },
    serviceSpanId: spanId(index, 3),
    functionSpanId: spanId(index, 4),
    invocationSpanId: invocation,
    environment: `2026/11/20/[$LATEST]${hex(index % 8, 32)}`,
    memoryMb: 1024,
    maxMemoryMb: 97,
    receivedUs: at(400),
    answeredUs: at(9400),
    init: index % 1000 === 0 ? { startedUs: at(410), endedUs: at(900), billed: true } : null,
    invokedUs: at(1000),
    respondedUs: at(9000),
    readyUs: at(9100),
    durationUs: 8000 + (index % 977),
    billedUs: 9000,
    status: 'success',
    errorType: null,
    httpStatus: 200,
    provisioned: null,
    firstByteUs: at(9000),
    producedBytes: 2557,
  });
  telemetry.gateway({
    trace: { root, parent: null, sampled: true },
    segmentId: spanId(index, 0),
    integrationSpanId: integration,
    apiId: 'abcdefghij',
    stage: 'bench',
    gatewayRequestId: requestId,
    method: 'POST',
    path: '/bench/graphql',
    userAgent: 'graphql-lambda-bench',
    clientIp: '127.0.0.1',
    startedUs,
    integrationStartedUs: at(300),
    integrationEndedUs: at(9500),
    endedUs: at(9800 + (index % 977)),
    status: 200,
    integrationStatus: 200,
    responseBytes: 2557,
    functionName,
  });
}
