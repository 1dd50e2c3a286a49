import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { RawTrace } from '../model/raw.ts';
import { mergeTrial } from './merge-trial.ts';
import {
  CSV_HEADER,
  csvRows,
  type KnownRequest,
  rawTrace,
  reportEvent,
  requestIdOf,
  traceIdOf,
} from './testing/known-request.ts';
import { knownRequests, writeRaw } from './testing/raw-trial.ts';
import { CELL, folder, read } from './testing/trial-bed.ts';

const STYLE = { documents: 'old', clock: 'exact' } as const;

/** Without the REST API's segment: the service's is the root. */
function withoutGateway(trace: RawTrace): RawTrace {
  const Segments = trace.Segments.flatMap(({ Id, Document }) => {
    const document = JSON.parse(Document) as Record<string, unknown>;
    if (document.origin === 'AWS::ApiGateway::Stage') return [];
    if (document.origin === 'AWS::Lambda') delete document.parent_id;
    return [{ Id, Document: JSON.stringify(document) }];
  });
  return { ...trace, Segments };
}

test.each(['http-api', 'function-url', 'invoke'] as const)(
  'behind %s the front holds the network, and all is joined',
  async (front) => {
    const requests = knownRequests(60, seededRandom(4));
    const throttled: KnownRequest = {
      ...(requests[50] as KnownRequest),
      outcome: 'http_error',
      status: front === 'http-api' ? 500 : 429,
    };
    const answered = requests.filter((_, index) => index !== 50);
    const refusal = {
      id: 'b'.repeat(16),
      trace_id: traceIdOf(throttled),
      name: 'f',
      origin: 'AWS::Lambda',
      start_time: throttled.startedUs / 1e6,
      end_time: (throttled.startedUs + 900) / 1e6,
      aws: { request_id: requestIdOf(throttled) },
      http: { response: { status: 429 } },
      error: true,
      throttle: true,
    };
    writeRaw(folder, {
      csv: `${CSV_HEADER}\n${[...answered, throttled].map(csvRows).join('')}`,
      traces: [
        ...answered.map((known) => withoutGateway(rawTrace(known, STYLE))),
        {
          Id: traceIdOf(throttled),
          Segments: [{ Id: refusal.id, Document: JSON.stringify(refusal) }],
        },
      ],
      events: answered.map(reportEvent),
    });
    const endpoint = { ...CELL.endpoint, front };
    const { counts, warnings } = await mergeTrial({
      trialFolder: folder,
      cell: { ...CELL, endpoint },
    });
    expect(counts).toMatchObject({ requests: 60, reached: 59, withBoth: 59, negativeParts: 0 });
    expect(warnings.map(({ code }) => code)).toEqual(['no-metrics']);
    const rows = await read<Record<string, number | null>>('breakdown', 'order by started_us');
    expect(rows.map(({ network_us }) => network_us)).toEqual(answered.map(() => null));
    expect(rows.map(({ front_us }) => front_us)).toEqual(
      answered.map(({ frontUs, networkUs }) => frontUs + networkUs),
    );
  },
);

test('of a streamed answer what is received is the function at work, and no part is below zero', async () => {
  const requests = knownRequests(20, seededRandom(4));
  const early = requests
    .map(csvRows)
    .join('')
    .replace(...AT_ONCE);
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${early}`,
    traces: requests.map((known) => withoutGateway(rawTrace(known, STYLE))),
    events: requests.map(reportEvent),
  });
  const endpoint = { ...CELL.endpoint, front: 'function-url', responseStreaming: true } as const;
  const { counts } = await mergeTrial({ trialFolder: folder, cell: { ...CELL, endpoint } });
  expect(counts).toMatchObject({ withBoth: 20, negativeParts: 0 });
  const rows = await read<Record<string, number>>('breakdown', 'order by started_us');
  const handlerUs = (known: KnownRequest) => known.handlerUs;
  expect(rows.map(({ handler_us }) => handler_us)).toEqual(requests.map(handlerUs));
  for (const { total_us, ...row } of rows) {
    const parts = Object.entries(row).filter(([name]) => name.endsWith('_us'));
    const sum = parts.reduce((all, [name, us]) => (name === 'started_us' ? all : all + us), 0);
    expect(sum).toBe(total_us);
  }
});

/** The head of an answer comes after a millisecond, the rest is received for as long as it takes. */
const AT_ONCE = [
  /http_req_waiting,(\d+),([\d.]+)(.*)\nhttp_req_receiving,\d+,([\d.]+)/g,
  (_: string, at: string, waiting: string, rest: string, receiving: string) =>
    `http_req_waiting,${at},1.000000${rest}\nhttp_req_receiving,${at},${(Number(waiting) + Number(receiving) - 1).toFixed(6)}`,
] as const;
