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
