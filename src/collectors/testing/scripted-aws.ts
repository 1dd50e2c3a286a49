import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** X-Ray that answers BatchGetTraces with what it was told, in turn. */
export interface ScriptedAws {
  origin: string;
  /** A body, or an error where it has a `status`. */
  answers: Record<string, unknown>[];
  close(): Promise<void>;
}

export async function startScriptedAws(): Promise<ScriptedAws> {
  const server = createServer((request, response) => {
    request.resume();
    const next =
      request.url === '/GetTraceSegmentDestination'
        ? { Destination: 'XRay', Status: 'ACTIVE' }
        : (scripted.answers.shift() ?? { status: 400, code: 'InvalidRequestException' });
    const { status, code } = next as { status?: number; code?: string };
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (code !== undefined) headers['x-amzn-errortype'] = code;
    response.writeHead(status ?? 200, headers);
    response.end(JSON.stringify(status === undefined ? next : { message: 'scripted' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scripted: ScriptedAws = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return scripted;
}
