import type { xrayClient } from '../../aws/clients.ts';
import type { TracesAnswer } from '../../aws/lean-xray.ts';
import type { Pacer } from '../../aws/pacer.ts';
import { pause } from '../../aws/waiting.ts';
import { ToolError } from '../../base/errors.ts';
import type { Job } from '../shared/job.ts';
import { type ReadTrace, TracePages } from './envelope.ts';

export type XRayClient = Awaited<ReturnType<typeof xrayClient>>;

export interface SourceContext {
  client: XRayClient;
  pacer: Pacer;
  window: Job['window'];
  /** Aborts where the trial is given up. */
  signal: AbortSignal;
  /** Aborts at the deadline, too: no further call is begun. */
  until: AbortSignal;
  damaged(problem: string): void;
}

/** Where traces are read from by their ids. */
export interface TraceSource {
  /** In messages. */
  name: string;
  idsPerRead: number;
  /** Reads at a time at most; null: as many as calls. */
  parallelism: number | null;
  /** Of a read: `xray:BatchGetTraces`. */
  rights: string;
  read(ids: string[]): Promise<{ traces: ReadonlyMap<string, ReadTrace>; unprocessed: number }>;
}

/** X-Ray's own store. */
export function batchSource(context: SourceContext): TraceSource {
  const { client, pacer, until } = context;
  return {
    name: 'X-Ray',
    // The most BatchGetTraces takes.
    idsPerRead: 5,
    parallelism: null,
    rights: 'xray:BatchGetTraces',
    read: async (ids) => {
      const { BatchGetTracesCommand } = await import('@aws-sdk/client-xray');
      const pages = new TracePages(context.damaged);
      let unprocessed = 0;
      let token: string | undefined;
      do {
        const command = new BatchGetTracesCommand({ TraceIds: ids, NextToken: token });
        // Without options: the client prepares a call with them anew. Destroying it ends these calls.
        const answer: TracesAnswer = await pacer.run(until, () => client.send(command));
        pages.add(answer, 'batch', answer.bytes);
        unprocessed += answer.UnprocessedTraceIds?.length ?? 0;
        // Some services end with an empty one.
        token = answer.NextToken || undefined;
      } while (token !== undefined);
      return { traces: pages.read(), unprocessed };
    },
  };
}

/** Segments before and after the window: clocks differ, and functions outlast their callers. */
const MARGIN_MS = 60_000;

/**
 * The log group of Transaction Search, where X-Ray's store holds no trace that is not indexed: a
 * retrieval is started for a batch of ids, is waited for and read page by page.
 */
export function retrievalSource(context: SourceContext, pollMs: number): TraceSource {
  const { client, pacer, window, signal, until } = context;
  const times = {
    StartTime: new Date(Math.floor(window.startedUs / 1000) - MARGIN_MS),
    EndTime: new Date(Math.ceil(window.endedUs / 1000) + MARGIN_MS),
  };
  async function cancel(token: string): Promise<void> {
    const { CancelTraceRetrievalCommand } = await import('@aws-sdk/client-xray');
    // Without a signal: this is what is done on an abort. It ends by itself after an hour.
    await client
      .send(new CancelTraceRetrievalCommand({ RetrievalToken: token }), { requestTimeout: 5000 })
      .catch(() => {});
  }
  return {
    name: 'Transaction Search',
    // The most StartTraceRetrieval takes.
    idsPerRead: 100,
    // Each scans a log group.
    parallelism: 5,
    rights: 'xray:StartTraceRetrieval, xray:ListRetrievedTraces and xray:CancelTraceRetrieval',
    read: async (ids) => {
      const { ListRetrievedTracesCommand, StartTraceRetrievalCommand } = await import(
        '@aws-sdk/client-xray'
      );
      const start = new StartTraceRetrievalCommand({ TraceIds: ids, ...times });
      const started = await pacer.run(until, () => client.send(start, { abortSignal: signal }));
      const retrieval = started.RetrievalToken ?? '';
      if (retrieval === '') throw new ToolError('StartTraceRetrieval gave no token');
      const pages = new TracePages(context.damaged);
      let ended = false;
      try {
        let token: string | undefined;
        for (;;) {
          const list = new ListRetrievedTracesCommand({
            RetrievalToken: retrieval,
            TraceFormat: 'XRAY',
            NextToken: token,
          });
          const answer = await pacer.run(until, () => client.send(list, { abortSignal: signal }));
          const status = answer.RetrievalStatus ?? 'COMPLETE';
          if (status === 'SCHEDULED' || status === 'RUNNING') {
            // Empty until it is complete.
            await pause(pollMs, until);
            continue;
          }
          ended = true;
          if (status !== 'COMPLETE') throw new ToolError(`a retrieval ended as ${status}`);
          pages.add(answer, 'retrieved');
          token = answer.NextToken || undefined;
          if (token === undefined) break;
        }
      } finally {
        if (!ended) await cancel(retrieval);
      }
      return { traces: pages.read(), unprocessed: 0 };
    },
  };
}
