import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Document {
  type: string;
  id: string;
  trace_id: string;
  parent_id: string;
  name: string;
  namespace: string;
  start_time: number;
  end_time: number;
  error?: boolean;
  fault?: boolean;
  throttle?: boolean;
  http: { response: { status?: number } };
  aws: Record<string, unknown>;
}

/** An X-Ray daemon that keeps what it was sent. */
export interface Daemon {
  address: string;
  received: Document[];
  /** Resolves when `count` documents have come. */
  until(count: number): Promise<Document[]>;
  /** Resolves when one like that has come. */
  untilOne(like: (document: Document) => boolean): Promise<void>;
  close(): void;
}

export async function startDaemon(): Promise<Daemon> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const received: Document[] = [];
  socket.on('message', (datagram) => {
    const [header, document] = String(datagram).split('\n');
    if (header !== '{"format":"json","version":1}') throw new Error(`not a segment: ${header}`);
    received.push(JSON.parse(document ?? '') as Document);
  });
  const { port } = socket.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    received,
    async until(count) {
      while (received.length < count) await once(socket, 'message');
      return received;
    },
    async untilOne(like) {
      while (!received.some(like)) await once(socket, 'message');
    },
    close: () => socket.close(),
  };
}
