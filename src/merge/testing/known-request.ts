import type { RawLogEvent, RawTrace } from '../../model/raw.ts';

/** A request whose parts are known; what merge must find again. Microseconds. */
export interface KnownRequest {
  index: number;
  startedUs: number;
  phase: 'warm_up' | 'ramp' | 'hold';
  operation: string;
  outcome: string;
  status: number;
  error?: string;
  cold: boolean;
  environment: string;
  memoryMb: number;
  clientUs: number;
  networkUs: number;
  frontUs: number;
  placementUs: number;
  initUs: number;
  handlerUs: number;
  /** Of each backend call, one after the other within the invocation. */
  backendCallsUs: number[];
  overheadUs: number;
  /** Between the Overhead's end and the service's. */
  unexplainedUs: number;
}

export interface Style {
  /** Old: Initialization and Invocation. New: Init, and the handler's calls on the function. */
  documents: 'old' | 'new';
  /** Gateway and service instants in whole milliseconds, as X-Ray has them. */
  clock: 'exact' | 'milliseconds';
}

export function traceIdOf(known: KnownRequest): string {
  const seconds = Math.floor(known.startedUs / 1e6)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${'ab'.repeat(8)}${known.index.toString(16).padStart(8, '0')}`;
}

export function requestIdOf(known: KnownRequest): string {
  return `00000000-0000-4000-8000-${known.index.toString(16).padStart(12, '0')}`;
}

export function totalUsOf(known: KnownRequest): number {
  return known.clientUs + known.networkUs + known.frontUs + serviceUsOf(known);
}

function backendUsOf(known: KnownRequest): number {
  return known.backendCallsUs.reduce((sum, us) => sum + us, 0);
}

function serviceUsOf(known: KnownRequest): number {
  const { placementUs, initUs, handlerUs, overheadUs, unexplainedUs } = known;
  return placementUs + initUs + handlerUs + backendUsOf(known) + overheadUs + unexplainedUs;
}

/** The nine rows of k6's CSV, header: CSV_HEADER. */
export const CSV_HEADER =
  'metric_name,timestamp,metric_value,error_code,expected_response,scenario,status,extra_tags,metadata';

export function csvRows(known: KnownRequest): string {
  const totalUs = totalUsOf(known);
  const blockedUs = Math.floor(known.clientUs / 2);
  const sendingUs = Math.floor((known.clientUs - blockedUs) / 2);
  const receivingUs = known.clientUs - blockedUs - sendingUs;
  const waitingUs = totalUs - known.clientUs;
  const at = known.startedUs + totalUs;
  const metadata = `join_key=${known.index}&trace_id=${traceIdOf(known)}`;
  const row = (metric: string, us: number) =>
    `http_req_${metric},${at},${(us / 1000).toFixed(6)},,,ramp,${known.status},,${metadata}\n`;
  const error = known.error === undefined ? '' : `&error=${encodeURIComponent(known.error)}`;
  const own = `http_status=${known.status}&response_bytes=512${error}`;
  const tags = `operation=${known.operation}&outcome=${known.outcome}&phase=${known.phase}`;
  return (
    `http_reqs,${at},1.000000,,,ramp,${known.status},,${metadata}\n` +
    row('duration', totalUs - blockedUs) +
    row('blocked', blockedUs) +
    row('connecting', 0) +
    row('tls_handshaking', 0) +
    row('sending', sendingUs) +
    row('waiting', waitingUs) +
    row('receiving', receivingUs) +
    `graphql_request,${at + 40},${(totalUs / 1000).toFixed(6)},,,ramp,,${tags},${metadata}&${own}\n`
  );
}

/** The trace of a request through a REST API. */
export function rawTrace(known: KnownRequest, style: Style): RawTrace {
  const id = traceIdOf(known);
  const key = known.index.toString(16).padStart(8, '0');
  const coarse = (us: number) =>
    (style.clock === 'exact' ? us : Math.floor(us / 1000) * 1000) / 1e6;
  // Half of the client's time and of the network's lie before the gateway.
  const blockedUs = Math.floor(known.clientUs / 2);
  const sendingUs = Math.floor((known.clientUs - blockedUs) / 2);
  const gatewayAt = known.startedUs + blockedUs + sendingUs + Math.floor(known.networkUs / 2);
  const serviceAt = gatewayAt + Math.floor(known.frontUs / 2);
  const serviceUs = serviceUsOf(known);
  const functionAt = serviceAt + known.placementUs + known.initUs;
  const invocationUs = known.handlerUs + backendUsOf(known);
  const overheadAt = functionAt + invocationUs;
  const functionEnd = overheadAt + known.overheadUs;
  const gatewayEnd = gatewayAt + known.frontUs + serviceUs;
  const calls = callsOf(known, functionAt, key);
  const init = {
    id: `c2${key}`,
    name: style.documents === 'old' ? 'Initialization' : 'Init',
    start_time: (serviceAt + known.placementUs) / 1e6,
    end_time: functionAt / 1e6,
  };
  const overhead = {
    id: `c4${key}`,
    name: 'Overhead',
    start_time: overheadAt / 1e6,
    end_time: functionEnd / 1e6,
  };
  const invocation = {
    id: `c3${key}`,
    name: 'Invocation',
    start_time: functionAt / 1e6,
    end_time: overheadAt / 1e6,
    subsegments: calls,
  };
  const inner = style.documents === 'old' ? [overhead, invocation] : [overhead, ...calls];
  const documents = [
    {
      id: `c1${key}`,
      parent_id: `b1${key}`,
      trace_id: id,
      name: 'f',
      origin: 'AWS::Lambda::Function',
      start_time: functionAt / 1e6,
      end_time: functionEnd / 1e6,
      subsegments: known.cold ? [...inner, init] : inner,
    },
    {
      id: `a1${key}`,
      trace_id: id,
      name: 'api/dev',
      origin: 'AWS::ApiGateway::Stage',
      start_time: coarse(gatewayAt),
      end_time: coarse(gatewayEnd),
      subsegments: [
        {
          id: `a2${key}`,
          name: 'Lambda',
          namespace: 'aws',
          start_time: coarse(gatewayAt),
          end_time: coarse(gatewayEnd),
        },
      ],
    },
    {
      id: `b1${key}`,
      parent_id: `a2${key}`,
      trace_id: id,
      name: 'f',
      origin: 'AWS::Lambda',
      start_time: coarse(serviceAt),
      end_time: coarse(serviceAt + serviceUs),
      aws: { request_id: requestIdOf(known) },
    },
  ];
  return {
    Id: id,
    Segments: documents.map((d) => ({ Id: d.id, Document: JSON.stringify(d) })),
  };
}

function callsOf(known: KnownRequest, functionAt: number, key: string) {
  let at = functionAt + Math.floor(known.handlerUs / 2);
  return known.backendCallsUs.map((us, index) => {
    const call = {
      id: `d${index}${key}`,
      name: 'DynamoDB',
      namespace: 'aws',
      start_time: at / 1e6,
      end_time: (at + us) / 1e6,
      aws: { operation: 'Query', table_name: 't' },
    };
    at += us;
    return call;
  });
}

/** The REPORT event of a request. */
export function reportEvent(known: KnownRequest): RawLogEvent {
  const ms = (us: number) => (us / 1000).toFixed(2);
  const durationUs = known.handlerUs + backendUsOf(known) + known.overheadUs;
  const billedMs = Math.ceil((durationUs + (known.cold ? known.initUs : 0)) / 1000);
  const init = known.cold ? `Init Duration: ${ms(known.initUs)} ms\t` : '';
  const timestamp = Math.floor((known.startedUs + totalUsOf(known)) / 1000);
  return {
    eventId: `e${known.index}`,
    logStreamName: known.environment,
    timestamp,
    ingestionTime: timestamp,
    message:
      `REPORT RequestId: ${requestIdOf(known)}\tDuration: ${ms(durationUs)} ms\tBilled Duration: ${billedMs} ms\t` +
      `Memory Size: ${known.memoryMb} MB\tMax Memory Used: 97 MB\t${init}\n` +
      `XRAY TraceId: ${traceIdOf(known)}\tSegmentId: 0d2f\tSampled: true\t\n`,
  };
}
