import { z } from 'zod';
import type { XRayDocument } from '../telemetry/documents.ts';
import type { Backing } from './backing.ts';
import { extentOf, invalidRequest, seconds } from './batch-get-traces.ts';
import type { AnnotationValue, TraceView } from './filter-expression/keywords.ts';
import { parseFilterExpression } from './filter-expression/parse.ts';
import { ExpressionError } from './filter-expression/tokens.ts';
import { positionOf, tokenOf } from './pages.ts';
import { type SegmentView, type TraceDetails, viewOf } from './trace-view.ts';
import { validated } from './validation.ts';

/** Traces looked at for a page. */
const PAGE = 1000;
/** A trace's first record comes so much before its last segment ends, at most: Lambda's timeout. */
const LONGEST_S = 900;

const schema = z.object({
  StartTime: z.number(),
  EndTime: z.number(),
  TimeRangeType: z.enum(['TraceId', 'Event', 'Service']).nullish(),
  Sampling: z.boolean().nullish(),
  SamplingStrategy: z
    .object({
      Name: z.enum(['PartialScan', 'FixedRate']).nullish(),
      Value: z.number().min(0).max(1).nullish(),
    })
    .nullish(),
  FilterExpression: z.string().max(10_000).nullish(),
  NextToken: z.string().nullish(),
});
type Input = z.infer<typeof schema>;

/**
 * GetTraceSummaries: traces of a window, newest first, that match a filter expression. A page is of so
 * many traces looked at, and may be empty with a token, as on AWS.
 */
export async function getTraceSummaries(
  backing: Backing,
  body: unknown,
): Promise<Record<string, unknown>> {
  const input = validated(schema, body, 'InvalidRequestException');
  if (input.StartTime >= input.EndTime) {
    throw invalidRequest('StartTime must be earlier than EndTime');
  }
  const matches = predicateOf(input.FilterExpression ?? '');
  const ids = candidates(backing, input);
  // Counted from the oldest on: newer traces do not move the pages.
  const upTo = input.NextToken ? positionOf(input.NextToken, badToken) : ids.length;
  if (upTo > ids.length) throw badToken();
  const scanned = ids.slice(ids.length - upTo, ids.length - upTo + PAGE);
  const traces = await backing.traces.segments(scanned);
  const summaries: Record<string, unknown>[] = [];
  traces.forEach((segments, i) => {
    const view = viewOf(segments);
    if (view === null || !isWithin(segments, input) || !matches(view)) return;
    summaries.push(summaryOf(scanned[i] as string, view, backing.accountId));
  });
  const left = upTo - scanned.length;
  return {
    TraceSummaries: summaries,
    ApproximateTime: Date.now() / 1000,
    TracesProcessedCount: scanned.length,
    ...(left > 0 ? { NextToken: tokenOf(left) } : {}),
  };
}

function predicateOf(expression: string): (trace: TraceView) => boolean {
  if (expression.trim() === '') return () => true;
  try {
    return parseFilterExpression(expression);
  } catch (error) {
    if (error instanceof ExpressionError) throw invalidRequest(error.message);
    throw error;
  }
}

function candidates({ traces }: Backing, input: Input): string[] {
  const byId = (input.TimeRangeType ?? 'TraceId') === 'TraceId';
  const ids = byId
    ? traces.tracesBetween('id', Math.floor(input.StartTime), input.EndTime)
    : traces.tracesBetween('arrival', input.StartTime - LONGEST_S, input.EndTime + LONGEST_S);
  const { Name, Value } = input.SamplingStrategy ?? {};
  if (input.Sampling !== true || Name !== 'FixedRate' || typeof Value !== 'number') return ids;
  // The same traces in every page and for every caller.
  return ids.filter((id) => Number.parseInt(id.slice(-8), 16) < Value * 2 ** 32);
}

/** Of the times of segments: those of ids have been looked at. */
function isWithin(segments: readonly XRayDocument[], input: Input): boolean {
  if ((input.TimeRangeType ?? 'TraceId') === 'TraceId') return true;
  const { endS } = extentOf(segments);
  return endS >= input.StartTime && endS < input.EndTime;
}

function summaryOf(id: string, view: TraceDetails, accountId: string): Record<string, unknown> {
  const { whole, root, segments } = view;
  const serviceId = ({ name, type }: SegmentView) => ({
    Name: name,
    Names: [name],
    AccountId: accountId,
    ...(type === '' ? {} : { Type: type }),
  });
  const distinct = new Map(segments.map((each) => [`${each.name}\n${each.type}`, each]));
  const arns = new Set(segments.map(({ resourceArn }) => resourceArn));
  const annotations: Record<string, unknown[]> = Object.create(null);
  for (const segment of segments) {
    for (const [key, values] of segment.annotations) {
      annotations[key] ??= [];
      for (const value of values) {
        annotations[key].push({ AnnotationValue: typed(value), ServiceIds: [serviceId(segment)] });
      }
    }
  }
  return {
    Id: id,
    StartTime: extentOf(segments.map(({ document }) => document)).startS,
    Duration: seconds(whole.durationS),
    ResponseTime: seconds(root.responseTimeS),
    HasFault: root.fault,
    HasError: root.error,
    HasThrottle: root.throttle,
    IsPartial: whole.partial,
    Http: {
      ...(root.url === null ? {} : { HttpURL: root.url }),
      ...(root.status === null ? {} : { HttpStatus: root.status }),
      ...(root.method === null ? {} : { HttpMethod: root.method }),
      ...(root.userAgent === null ? {} : { UserAgent: root.userAgent }),
      ...(root.clientIp === null ? {} : { ClientIp: root.clientIp }),
    },
    Annotations: annotations,
    Users: [...new Set(whole.users)].map((UserName) => ({ UserName, ServiceIds: [] })),
    ServiceIds: [...distinct.values()].map(serviceId),
    ResourceARNs: [...arns].filter((arn) => arn !== null).map((ARN) => ({ ARN })),
    InstanceIds: [],
    AvailabilityZones: [],
    EntryPoint: serviceId(root),
    FaultRootCauses: [],
    ErrorRootCauses: [],
    ResponseTimeRootCauses: [],
    Revision: segments.length,
  };
}

function typed(value: AnnotationValue): Record<string, AnnotationValue> {
  if (typeof value === 'number') return { NumberValue: value };
  return typeof value === 'string' ? { StringValue: value } : { BooleanValue: value };
}

const badToken = () => invalidRequest('Invalid NextToken');
