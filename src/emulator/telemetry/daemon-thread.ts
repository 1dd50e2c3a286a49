import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../base/errors.ts';
import {
  type DaemonMessage,
  type DaemonRequest,
  documentStart,
  parseDocument,
} from './daemon-protocol.ts';

/**
 * The thread that reads the X-Ray daemon's socket and does nothing else: the kernel holds some 160
 * datagrams, which the fronts' event loop could miss in a few milliseconds of other work.
 */

/** The kernel grants what `net.core.rmem_max` allows of it. */
const RECEIVE_BYTES = 16 * 1024 * 1024;
/** The largest datagram always fits what is left of a batch. */
const BATCH_BYTES = 256 * 1024;
const LARGEST_BYTES = 64 * 1024;
const BATCH_MS = 20;
const MARKER_BYTES = 32;
const MARKER_AGAIN_MS = 100;

const tell = (message: DaemonMessage, buffer?: ArrayBuffer): void =>
  parentPort?.postMessage(message, buffer === undefined ? [] : [buffer]);

let documents = Buffer.from(new ArrayBuffer(BATCH_BYTES));
let used = 0;
let ends: number[] = [];
let traceIds: string[] = [];
let rejected = 0;
let timer: NodeJS.Timeout | null = null;
/** Datagrams to ourselves: what was in the queue before one has been read when it arrives. */
const markers = new Map<string, () => void>();

function handOver(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  if (ends.length === 0 && rejected === 0) return;
  tell({ kind: 'batch', documents, ends, traceIds, rejected }, documents.buffer);
  documents = Buffer.from(new ArrayBuffer(BATCH_BYTES));
  used = 0;
  ends = [];
  traceIds = [];
  rejected = 0;
}

const socket = createSocket({ type: 'udp4' });
socket.on('message', (datagram) => {
  if (datagram.length === MARKER_BYTES && markers.size > 0) {
    const arrived = markers.get(datagram.toString('latin1'));
    if (arrived !== undefined) return arrived();
  }
  const start = documentStart(datagram);
  const traceId = start < 0 ? undefined : parseDocument(datagram.toString('utf8', start))?.trace_id;
  if (traceId === undefined) rejected += 1;
  else {
    used += datagram.copy(documents, used, start);
    ends.push(used);
    traceIds.push(traceId);
  }
  if (used > BATCH_BYTES - LARGEST_BYTES) handOver();
  else timer ??= setTimeout(handOver, BATCH_MS);
});
socket.on('error', (error) => tell({ kind: 'failed', message: messageOf(error) }));
socket.bind({ address: '127.0.0.1', port: 0, exclusive: true }, () => {
  try {
    socket.setRecvBufferSize(RECEIVE_BYTES);
  } catch {
    // Some systems refuse instead of clamping: then it stays as it is.
  }
  tell({ kind: 'bound', port: socket.address().port });
});

function drain(ticket: number): void {
  const marker = randomBytes(MARKER_BYTES / 2).toString('hex');
  const send = () => socket.send(marker, socket.address().port, '127.0.0.1', () => {});
  // The kernel drops it where the queue is full.
  const again = setInterval(send, MARKER_AGAIN_MS);
  markers.set(marker, () => {
    clearInterval(again);
    markers.delete(marker);
    handOver();
    tell({ kind: 'drained', ticket });
  });
  send();
}

parentPort?.on('message', (request: DaemonRequest) => {
  if (request.kind === 'drain') drain(request.ticket);
  else socket.close(() => parentPort?.close());
});
