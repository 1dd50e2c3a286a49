import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * X-Ray's REST-JSON as far as the collector uses it, with faults. A server of this project's own: what
 * it does not know is not tested by it. Traces are made from their ids when they are asked for.
 */
export interface XRayServerOptions {
  destination?: 'XRay' | 'CloudWatchLogs';
  /** A token bucket: calls a second, and calls it holds at most. */
  limit?: { perS: number; burst: number };
  /** Before each answer. */
  latencyMs?: number;
  /** A trace is there when it has been asked for so often; called once an id. @default 1 */
  thereFrom?(id: string): number;
  /** Its segment is in progress until it has been read so often. @default 0 */
  completeFrom?: number;
  /** Traces that exceed the size X-Ray stores. */
  tooLarge?(id: string): boolean;
  /** Every so manieth id is left unprocessed when it is asked for first. */
  unprocessedEvery?: number;
  /** From this call on (1 is the first) calls fail with it. */
  failFrom?: { call: number; code: string; status: number };
  /** Traces a page, of both APIs. */
  pageSize?: number;
  /** Of Transaction Search: RUNNING so often, then this. */
  retrieval?: { running: number; end: 'COMPLETE' | 'FAILED' };
}

export interface XRayServer {
  origin: string;
  accepted: number;
  throttled: number;
  /** Retrievals that were started, listed to their end, and cancelled. */
  started: string[];
  cancelled: string[];
  /** Instants of the first and the last accepted call, performance.now(). */
  firstAt: number;
  lastAt: number;
  close(): Promise<void>;
}

interface Body {
  TraceIds?: string[];
  NextToken?: string;
  RetrievalToken?: string;
  TraceFormat?: string;
  StartTime?: number;
  EndTime?: number;
}

/** About the size of a warm REST API request's: three segments of 600 characters. */
export function documentsOf(id: string, inProgress: boolean): { Id: string; Document: string }[] {
  const second = Number.parseInt(id.slice(2, 10), 16);
  return ['AWS::ApiGateway::Stage', 'AWS::Lambda', 'AWS::Lambda::Function'].map((origin, i) => {
    const segment = `${id.slice(20, 34)}0${i}`;
    const end = inProgress && i === 2 ? { in_progress: true } : { end_time: second + 0.1 };
    return {
      Id: segment,
      Document: JSON.stringify({
        id: segment,
        name: 'f',
        origin,
        trace_id: id,
        ...(i === 0 ? {} : { parent_id: `${id.slice(20, 34)}0${i - 1}` }),
        start_time: second + i / 100,
        ...end,
        aws: { account_id: '000000000000', padding: 'x'.repeat(400) },
      }),
    };
  });
}

export async function startXRayServer(options: XRayServerOptions = {}): Promise<XRayServer> {
  const { limit, latencyMs = 0, pageSize = 1000 } = options;
  const asked = new Map<string, number>();
  const retrievals = new Map<string, { ids: string[]; looks: number }>();
  let tokens = limit?.burst ?? 0;
  let filledAt = performance.now();
  let calls = 0;

  function allowed(): boolean {
    if (limit === undefined) return true;
    const now = performance.now();
    tokens = Math.min(limit.burst, tokens + ((now - filledAt) / 1000) * limit.perS);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  function traceOf(id: string) {
    const times = (asked.get(id) ?? 0) + 1;
    asked.set(id, times);
    const there = options.thereFrom?.(id) ?? 1;
    if (times < there) return null;
    const inProgress = times - there < (options.completeFrom ?? 0);
    const LimitExceeded = options.tooLarge?.(id) === true;
    return { Id: id, LimitExceeded, Segments: documentsOf(id, inProgress) };
  }

  function page<T>(all: T[], token: string | undefined): { items: T[]; NextToken?: string } {
    const from = Number(token ?? 0);
    const items = all.slice(from, from + pageSize);
    return from + pageSize < all.length ? { items, NextToken: `${from + pageSize}` } : { items };
  }

  function answer(path: string, body: Body): object {
    if (path === '/GetTraceSegmentDestination') {
      return { Destination: options.destination ?? 'XRay', Status: 'ACTIVE' };
    }
    if (path === '/Traces') {
      const ids = body.TraceIds ?? [];
      if (ids.length > 5) return { status: 400, code: 'InvalidRequestException' };
      const { items, NextToken } = page(ids, body.NextToken);
      const every = options.unprocessedEvery;
      const left = items.filter((id) => {
        if (every === undefined || asked.has(id)) return false;
        return Number.parseInt(id.slice(-6), 16) % every === 0;
      });
      for (const id of left) asked.set(id, 0);
      const Traces = items.flatMap((id) => (left.includes(id) ? [] : (traceOf(id) ?? [])));
      return { Traces, UnprocessedTraceIds: left, NextToken };
    }
    if (path === '/StartTraceRetrieval') {
      const ids = body.TraceIds ?? [];
      if (ids.length > 100 || typeof body.StartTime !== 'number') {
        return { status: 400, code: 'InvalidRequestException' };
      }
      const token = `r${retrievals.size}`;
      retrievals.set(token, { ids, looks: 0 });
      server.started.push(token);
      return { RetrievalToken: token };
    }
    const retrieval = retrievals.get(body.RetrievalToken ?? '');
    if (retrieval === undefined) return { status: 404, code: 'ResourceNotFoundException' };
    if (path === '/CancelTraceRetrieval') {
      server.cancelled.push(body.RetrievalToken ?? '');
      return {};
    }
    retrieval.looks += 1;
    const { running, end } = options.retrieval ?? { running: 1, end: 'COMPLETE' };
    if (retrieval.looks <= running) return { RetrievalStatus: 'RUNNING' };
    if (end === 'FAILED') return { RetrievalStatus: 'FAILED' };
    const { items, NextToken } = page(retrieval.ids, body.NextToken);
    const Traces = items.flatMap((id) => {
      const trace = traceOf(id);
      return trace === null ? [] : [{ Id: trace.Id, Spans: trace.Segments }];
    });
    return { RetrievalStatus: 'COMPLETE', TraceFormat: body.TraceFormat, Traces, NextToken };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    calls += 1;
    const send = (status: number, body: object, code?: string) => {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (code !== undefined) headers['x-amzn-errortype'] = code;
      response.writeHead(status, headers);
      response.end(JSON.stringify(body));
    };
    const fault = options.failFrom;
    if (fault !== undefined && calls >= fault.call) {
      return send(fault.status, { message: `scripted ${fault.code}` }, fault.code);
    }
    if (!allowed()) {
      server.throttled += 1;
      return send(429, { message: 'Rate exceeded' }, 'ThrottledException');
    }
    server.accepted += 1;
    server.lastAt = performance.now();
    if (server.accepted === 1) server.firstAt = server.lastAt;
    const given = answer(request.url ?? '', text === '' ? {} : JSON.parse(text));
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const { status, code } = given as { status?: number; code?: string };
    if (status !== undefined) send(status, { message: 'refused' }, code);
    else send(200, given);
  }

  const http = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: XRayServer = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    accepted: 0,
    throttled: 0,
    started: [],
    cancelled: [],
    firstAt: 0,
    lastAt: 0,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}
