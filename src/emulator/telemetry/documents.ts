import type { GatewayRecord, InvocationRecord, ThrottleRecord } from '../types.ts';

/**
 * X-Ray documents from what was recorded, with the fields of documents captured from AWS. Gateway and
 * service times have millisecond resolution, those of the function microseconds.
 * `old`: Initialization, Invocation, Overhead. `new`: Init, Overhead, no Invocation.
 */
export type TraceStyle = 'old' | 'new';

export interface DocumentContext {
  region: string;
  accountId: string;
  style: TraceStyle;
}

export interface XRayDocument {
  id: string;
  name: string;
  start_time: number;
  end_time?: number;
  parent_id?: string;
  trace_id?: string;
  type?: string;
  namespace?: string;
  aws?: Record<string, unknown>;
  subsegments?: XRayDocument[];
  [field: string]: unknown;
}

/** The name of the API in front of a function; segments and metrics carry it. */
export function apiNameOf(functionName: string): string {
  return `${functionName}-api`;
}

export function gatewaySegment(record: GatewayRecord, context: DocumentContext): XRayDocument {
  const { region, accountId } = context;
  const host = `${record.apiId}.execute-api.${region}.amazonaws.com`;
  return {
    id: record.segmentId,
    name: `${apiNameOf(record.functionName)}/${record.stage}`,
    ...(record.trace.parent === null ? {} : { parent_id: record.trace.parent }),
    origin: 'AWS::ApiGateway::Stage',
    trace_id: record.trace.root,
    start_time: toMilliseconds(record.startedUs),
    end_time: toMilliseconds(record.endedUs),
    http: {
      request: {
        url: `https://${host}${record.path}`,
        method: record.method,
        user_agent: record.userAgent,
        client_ip: record.clientIp,
        x_forwarded_for: true,
      },
      response: { status: record.status, content_length: record.responseBytes },
    },
    aws: {
      api_gateway: {
        account_id: accountId,
        rest_api_id: record.apiId,
        stage: record.stage,
        request_id: record.gatewayRequestId,
      },
    },
    annotations: { 'aws:api_id': record.apiId, 'aws:api_stage': record.stage },
    resource_arn: `arn:aws:apigateway:${region}::/restapis/${record.apiId}/stages/${record.stage}`,
    ...flags(record.status),
    subsegments: [
      {
        id: record.integrationSpanId,
        name: 'Lambda',
        namespace: 'aws',
        start_time: toMilliseconds(record.integrationStartedUs),
        end_time: toMilliseconds(record.integrationEndedUs),
        http: {
          request: {
            url: `https://lambda.${region}.amazonaws.com/2015-03-31/functions/${functionArn(record.functionName, context)}/invocations`,
            method: 'POST',
          },
          response: { status: record.integrationStatus, content_length: record.responseBytes },
        },
        aws: {
          function_name: record.functionName,
          region,
          operation: 'Invoke',
          resource_names: [record.functionName],
        },
        ...flags(record.integrationStatus),
      },
    ],
  };
}

export function serviceSegment(
  record: ThrottleRecord & Pick<InvocationRecord, 'httpStatus'>,
  context: DocumentContext,
): XRayDocument {
  return {
    id: record.serviceSpanId,
    ...(record.trace.parent === null ? {} : { parent_id: record.trace.parent }),
    name: record.functionName,
    origin: 'AWS::Lambda',
    trace_id: record.trace.root,
    start_time: toMilliseconds(record.receivedUs),
    end_time: toMilliseconds(record.answeredUs),
    http: { response: { status: record.httpStatus } },
    aws: { request_id: record.requestId },
    resource_arn: functionArn(record.functionName, context),
    ...flags(record.httpStatus),
  };
}

/**
 * The function's segment with `children` beneath the invocation. Overhead ends with the answer at
 * the latest: AWS's segments nest, and what comes after the answer nobody waits for.
 */
export function functionSegment(
  record: InvocationRecord,
  children: XRayDocument[],
  context: DocumentContext,
): XRayDocument {
  const arn = functionArn(record.functionName, context);
  const endedUs = Math.max(record.respondedUs, Math.min(record.readyUs, record.answeredUs));
  const part = (id: string, name: string, startUs: number, endUs: number): XRayDocument => ({
    id,
    name,
    start_time: startUs / 1e6,
    end_time: endUs / 1e6,
    aws: { function_arn: arn },
  });
  const old = context.style === 'old';
  const subsegments: XRayDocument[] = [];
  if (record.init !== null) {
    const { startedUs } = record.init;
    // AWS's ends before the function's segment starts.
    const initEndedUs = Math.max(startedUs, Math.min(record.init.endedUs, record.invokedUs - 1));
    const id = derivedId(record.functionSpanId, 1);
    subsegments.push(part(id, old ? 'Initialization' : 'Init', startedUs, initEndedUs));
  }
  if (old) {
    const invocation = part(
      record.invocationSpanId,
      'Invocation',
      record.invokedUs,
      record.respondedUs,
    );
    Object.assign(invocation, failure(record));
    if (children.length > 0) invocation.subsegments = children;
    subsegments.push(invocation);
  } else {
    subsegments.push(...children);
  }
  const overheadId = derivedId(record.functionSpanId, 2);
  subsegments.push(part(overheadId, 'Overhead', record.respondedUs, endedUs));
  return {
    id: record.functionSpanId,
    parent_id: record.serviceSpanId,
    name: record.functionName,
    origin: 'AWS::Lambda::Function',
    trace_id: record.trace.root,
    start_time: record.invokedUs / 1e6,
    end_time: endedUs / 1e6,
    aws: {
      account_id: context.accountId,
      function_arn: arn,
      resource_names: [record.functionName],
      ...(old ? {} : { cloudwatch_logs: [{ log_group: `/aws/lambda/${record.functionName}` }] }),
    },
    ...(old ? {} : { annotations: latencyAnnotations(record, endedUs) }),
    ...failure(record),
    subsegments,
  };
}

/** What X-Ray makes of a call to DynamoDB: a segment of the table's own, beneath the subsegment. */
export function inferredSegment(child: XRayDocument, traceId: string): XRayDocument | null {
  if (child.namespace !== 'aws' || child.name !== 'DynamoDB' || child.end_time === undefined) {
    return null;
  }
  const table = child.aws?.table_name;
  return {
    id: derivedId(child.id, 3),
    parent_id: child.id,
    name: typeof table === 'string' ? table : child.name,
    origin: 'AWS::DynamoDB::Table',
    trace_id: traceId,
    start_time: child.start_time,
    end_time: child.end_time,
    inferred: true,
    ...(child.http === undefined ? {} : { http: child.http }),
    ...(child.aws === undefined ? {} : { aws: child.aws }),
  };
}

function functionArn(name: string, context: DocumentContext): string {
  return `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;
}

function latencyAnnotations(record: InvocationRecord, endedUs: number): Record<string, number> {
  return {
    'aws:responseLatency': (record.respondedUs - record.invokedUs) / 1000,
    'aws:responseDuration': 0,
    'aws:runtimeOverhead': (endedUs - record.respondedUs) / 1000,
    'aws:extensionOverhead': 0,
  };
}

/**
 * Whatever fails within the function is its fault, as a server's: AWS's runtime client of Python calls
 * what it posts of a handler's exception an "xray_fault" (awslambdaric, bootstrap.py). That timeouts and
 * crashes are marked alike is inferred.
 */
function failure(record: InvocationRecord): Partial<XRayDocument> {
  return record.status === 'success' ? {} : { fault: true };
}

function flags(status: number): Partial<XRayDocument> {
  if (status === 429) return { error: true, throttle: true };
  if (status >= 500) return { fault: true };
  return status >= 400 ? { error: true } : {};
}

function toMilliseconds(us: number): number {
  return Math.floor(us / 1000) / 1000;
}

/** Another id that is always the same for this one: a trace read twice is equal to itself. */
function derivedId(id: string, salt: number): string {
  const high = (Number.parseInt(id.slice(0, 8), 16) ^ Math.imul(salt, 0x9e3779b1)) >>> 0;
  return high.toString(16).padStart(8, '0') + id.slice(8);
}
