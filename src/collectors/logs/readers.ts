import type { logsClient } from '../../aws/clients.ts';
import { pause } from '../../aws/waiting.ts';
import { ToolError } from '../../base/errors.ts';
import type { RawLogEvent } from '../../model/raw.ts';
import { type LogPage, parsePage, parseResults } from './envelope.ts';

export interface ReadContext {
  client: Awaited<ReturnType<typeof logsClient>>;
  logGroup: string;
  startMs: number;
  endMs: number;
  signal: AbortSignal;
  damaged(problem: string): void;
}

/** All REPORT lines of the window as they are now, page by page. Throws what the SDK throws. */
export type LogReader = (context: ReadContext) => AsyncGenerator<RawLogEvent[]>;

/** REPORT lines in the text format or the JSON format; START, END and the handler's own are not read. */
const REPORTS = '?"REPORT RequestId" ?"platform.report"';

/** One page after the other, of 1 MB or 10,000 events, five a second (the account's quota). */
export const filterReader: LogReader = async function* (context) {
  const { client, logGroup, startMs, endMs, signal, damaged } = context;
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  let page: LogPage = { events: [], nextToken: undefined };
  do {
    signal.throwIfAborted();
    const answer: unknown = await client.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: startMs,
        endTime: endMs,
        filterPattern: REPORTS,
        nextToken: page.nextToken,
      }),
      { abortSignal: signal },
    );
    page = parsePage(answer, damaged);
    yield page.events;
  } while (page.nextToken !== undefined);
};

/** The most rows a query gives, and a page of them. */
const QUERY_ROWS = 100_000;
const PAGE_ROWS = 10_000;
const QUERY = `fields @timestamp, @ingestionTime, @logStream, @message
| filter @message like /REPORT RequestId: |platform\\.report/
| sort @timestamp asc`;

/**
 * Logs Insights: a query scans the window on many machines at once. One that matches more than a
 * query gives is asked again in two halves.
 * @param pollMs between two looks at a query
 */
export function insightsReader(pollMs: number, queryRows = QUERY_ROWS): LogReader {
  return (context) => {
    // In whole seconds, both inclusive.
    const from = Math.floor(context.startMs / 1000);
    return readPart(context, from, Math.ceil(context.endMs / 1000), pollMs, queryRows);
  };
}

async function* readPart(
  context: ReadContext,
  from: number,
  to: number,
  pollMs: number,
  queryRows: number,
): AsyncGenerator<RawLogEvent[]> {
  const { client, logGroup, signal, damaged } = context;
  const { GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } = await import(
    '@aws-sdk/client-cloudwatch-logs'
  );
  const options = { abortSignal: signal };
  const query = { logGroupName: logGroup, startTime: from, endTime: to };
  const { queryId } = await client.send(
    new StartQueryCommand({ ...query, queryString: QUERY, limit: queryRows }),
    options,
  );
  let ended = false;
  try {
    let nextToken: string | undefined;
    do {
      const answer = await client.send(
        new GetQueryResultsCommand({ queryId, nextToken, maxItems: PAGE_ROWS }),
        options,
      );
      if (answer.status === 'Scheduled' || answer.status === 'Running') {
        await pause(pollMs, signal);
        signal.throwIfAborted();
        continue;
      }
      ended = true;
      if (answer.status !== 'Complete') throw new ToolError(`a query ended as ${answer.status}`);
      if ((answer.statistics?.recordsMatched ?? 0) > queryRows && to > from) {
        const middle = Math.floor((from + to) / 2);
        yield* readPart(context, from, middle, pollMs, queryRows);
        yield* readPart(context, middle + 1, to, pollMs, queryRows);
        return;
      }
      const page = parseResults(answer, damaged);
      nextToken = page.nextToken;
      yield page.events;
    } while (!ended || nextToken !== undefined);
  } finally {
    if (!ended) {
      await client
        .send(new StopQueryCommand({ queryId }), { requestTimeout: 5000 })
        .catch(() => {});
    }
  }
}
