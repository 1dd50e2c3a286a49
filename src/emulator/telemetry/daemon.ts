import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { ToolError } from '../../base/errors.ts';
import { threadFile } from '../../base/threads.ts';
import { type DaemonMessage, type DaemonRequest, dropsOf } from './daemon-protocol.ts';

/** The X-Ray daemon's UDP socket, read by a thread of its own. */
export interface XRayDaemon {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Datagrams that were no segment document of the daemon's protocol. */
  rejected(): number;
  /** Datagrams the kernel dropped because they were not read in time, from /proc/net/udp. */
  lost(): Promise<number>;
  /** Everything that was sent before this call has been received. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** @param receive gets the document's text in UTF-8; the bytes are its own. */
export async function startXRayDaemon(
  receive: (traceId: string, document: Uint8Array) => void,
): Promise<XRayDaemon> {
  const thread = new Worker(threadFile(import.meta, 'daemon-thread'), { name: 'x-ray daemon' });
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let failure: unknown = null;
  let rejected = 0;
  let lost = 0;
  let tickets = 0;
  const port = await new Promise<number>((resolve, reject) => {
    thread.once('error', (error) => {
      failure = error;
      reject(error);
      for (const each of waiting.values()) each.reject(error);
    });
    thread.on('message', (message: DaemonMessage) => {
      switch (message.kind) {
        case 'bound':
          resolve(message.port);
          break;
        case 'failed':
          reject(new ToolError(`the X-Ray daemon's socket failed: ${message.message}`));
          break;
        case 'batch': {
          rejected += message.rejected;
          let start = 0;
          message.ends.forEach((end, i) => {
            receive(message.traceIds[i] as string, message.documents.subarray(start, end));
            start = end;
          });
          break;
        }
        case 'drained':
          waiting.get(message.ticket)?.resolve();
          waiting.delete(message.ticket);
          break;
      }
    });
  });
  const request = (message: DaemonRequest): void => thread.postMessage(message);
  return {
    address: `127.0.0.1:${port}`,
    rejected: () => rejected,
    lost: async () => {
      const table = await readFile('/proc/net/udp', 'utf8').catch(() => '');
      lost = Math.max(lost, dropsOf(table, port));
      return lost;
    },
    drained: () => {
      if (failure !== null) throw failure;
      tickets += 1;
      const ticket = Promise.withResolvers<void>();
      waiting.set(tickets, ticket);
      request({ kind: 'drain', ticket: tickets });
      return ticket.promise;
    },
    close: async () => {
      // A thread that failed has ended already.
      if (failure !== null) return;
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      request({ kind: 'close' });
      await ended;
    },
  };
}
