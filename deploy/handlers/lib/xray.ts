import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

/** A subsegment document without what `sendSubsegment` fills in. */
export interface Subsegment {
  name: string;
  namespace: 'aws' | 'remote';
  start_time: number;
  end_time: number;
  [field: string]: unknown;
}

export interface Trace {
  traceId: string;
  parentId: string;
}

/**
 * The trace of the invocation being served, or undefined where it is not sampled or nobody listens.
 * An environment serves one request at a time, so the variable is right whenever a call starts.
 */
export function currentTrace(): Trace | undefined {
  const header = process.env._X_AMZN_TRACE_ID;
  if (daemon === undefined || header === undefined) return undefined;
  const fields = new Map(header.split(';').map((field) => field.split('=', 2) as [string, string]));
  const traceId = fields.get('Root');
  const parentId = fields.get('Parent');
  if (fields.get('Sampled') !== '1' || !traceId || !parentId) return undefined;
  return { traceId, parentId };
}

/** One datagram to the X-Ray daemon. A lost one costs a subsegment and nothing else. */
export function sendSubsegment(trace: Trace, subsegment: Subsegment): void {
  if (daemon === undefined) return;
  const document = {
    type: 'subsegment',
    id: randomBytes(8).toString('hex'),
    trace_id: trace.traceId,
    parent_id: trace.parentId,
    ...subsegment,
  };
  const datagram = `{"format":"json","version":1}\n${JSON.stringify(document)}`;
  daemon.socket.send(datagram, daemon.port, daemon.host, () => {});
}

/**
 * Seconds since the epoch. Finer than Date, and right again after the environment was frozen. The
 * wall clock is read on both sides: a quota may hold the process back between any two lines, and
 * that is no reason to set the clock.
 */
export function nowSeconds(): number {
  const beforeMs = Date.now();
  const fineMs = performance.timeOrigin + performance.now() + correctionMs;
  const afterMs = Date.now();
  if (fineMs > beforeMs - 2 && fineMs < afterMs + 2) return fineMs / 1000;
  if (afterMs - beforeMs < 2) correctionMs += afterMs - fineMs;
  return afterMs / 1000;
}
let correctionMs = 0;

const daemon = connectDaemon(process.env.AWS_XRAY_DAEMON_ADDRESS);

function connectDaemon(address: string | undefined) {
  const [host, port] = address?.split(':') ?? [];
  if (!host || !port) return undefined;
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  socket.unref();
  return { socket, host, port: Number(port) };
}
