import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../base/package-root.ts';
import type { RawLogEvent, RawTrace } from '../model/raw.ts';
import { CSV_HEADER } from './testing/known-request.ts';
import { writeRaw } from './testing/raw-trial.ts';
import { folder, merge, read } from './testing/trial-bed.ts';

/** The recorded traces with a function: was the request first in environment, and did a user feel it? */
const RECORDED = [
  { file: 'xray-old-cold', first: true, cold: true },
  { file: 'xray-old-warm', first: false, cold: false },
  { file: 'xray-new-cold', first: true, cold: true },
  { file: 'xray-new-warm', first: false, cold: false },
  { file: 'xray-snapstart', first: true, cold: true },
  { file: 'xray-inferred-only', first: true, cold: true },
  { file: 'xray-prewarmed', first: true, cold: false },
  { file: 'xray-partial', first: false, cold: false },
  // An init of the inner function would be none of this request's environment.
  { file: 'xray-two-functions', first: false, cold: false },
] as const;

const AT_US = 1_700_000_000_000_000;

function traceOf(file: string): RawTrace & { requestId: string } {
  const path = join(packageRoot(), 'fixtures', 'recorded', `${file}.json`);
  const documents = JSON.parse(readFileSync(path, 'utf8')) as {
    id: string;
    trace_id: string;
    origin?: string;
    aws?: { request_id?: string };
  }[];
  const service = documents.find(({ origin }) => origin === 'AWS::Lambda');
  return {
    Id: documents[0]?.trace_id ?? '',
    Segments: documents.map((d) => ({ Id: d.id, Document: JSON.stringify(d) })),
    requestId: service?.aws?.request_id ?? `of-${file}`,
  };
}

const TRACES = RECORDED.map(({ file }) => traceOf(file));

function sample(traceId: string, index: number): string {
  const at = AT_US + 2_000_000;
  const own = `trace_id=${traceId}&join_key=${index}`;
  const row = (metric: string, ms: number) => `http_req_${metric},${at},${ms},,,ramp,200,,${own}\n`;
  return (
    row('duration', 2000) +
    row('blocked', 0) +
    row('sending', 0) +
    row('waiting', 2000) +
    row('receiving', 0) +
    `graphql_request,${at},2000,,,ramp,,operation=x&outcome=ok&phase=hold,${own}&http_status=200\n`
  );
}

function report({ Id, requestId }: (typeof TRACES)[number], first: boolean): RawLogEvent {
  const timestamp = AT_US / 1000 + 2500;
  const init = first ? '\tInit Duration: 276.94 ms' : '';
  return {
    eventId: requestId,
    logStreamName: requestId,
    timestamp,
    ingestionTime: timestamp,
    message: `REPORT RequestId: ${requestId}\tDuration: 20.00 ms\tBilled Duration: 20 ms\tMemory Size: 128 MB\tMax Memory Used: 97 MB${init}\t\nXRAY TraceId: ${Id}\tSegmentId: 0d2f\tSampled: true\t\n`,
  };
}

function writeRecorded(firstByReport: (i: number) => boolean): void {
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${TRACES.map(({ Id }, i) => sample(Id, i)).join('')}`,
    traces: TRACES,
    events: TRACES.map((trace, i) => report(trace, firstByReport(i))),
  });
}

test('trace and REPORT line agree on which requests were first, over the recorded documents', async () => {
  writeRecorded((i) => RECORDED[i]?.first === true);
  const { counts, warnings } = await merge();
  expect(counts).toMatchObject({ withBoth: RECORDED.length, disagreements: 0 });
  expect(warnings.map(({ code }) => code)).not.toContain('init-disagreement');
  const truth = RECORDED.map(({ first, cold }) => [first, cold]);
  const rows = await read<{ first_in_environment: boolean; cold: boolean }>(
    'breakdown',
    'order by join_key',
  );
  expect(rows.map((r) => [r.first_in_environment, r.cold])).toEqual(truth);
  const invocations = await read<Record<'trace_id', string> & Record<string, string | boolean>>(
    'invocations',
  );
  const byTrace = new Map(invocations.map((row) => [row.trace_id, row]));
  for (const [i, { first, cold }] of RECORDED.entries()) {
    expect(byTrace.get(TRACES[i]?.Id ?? '')).toMatchObject({
      first_in_environment: first,
      cold,
      prewarmed: first && !cold,
    });
  }
});

test('requests on which they do not agree are counted, and the warning names how many', async () => {
  // The second and the third say the contrary of their traces: one init too many, one too few.
  writeRecorded((i) => (RECORDED[i]?.first === true) !== (i === 1 || i === 2));
  const { counts, warnings } = await merge();
  expect(counts.disagreements).toBe(2);
  expect(warnings).toContainEqual(
    expect.objectContaining({
      code: 'init-disagreement',
      severity: 'doubtful',
      message: expect.stringMatching(/^2 of 9 requests /),
    }),
  );
  // A sign of either is enough.
  const rows = await read<{ first_in_environment: boolean }>('breakdown', 'order by join_key');
  expect(rows.slice(1, 3).map((r) => r.first_in_environment)).toEqual([true, true]);
});

test('a request within a millisecond of the end of an init nobody waited for is prewarmed', async () => {
  const trace = traceOf('xray-prewarmed');
  // The service's segment starts at .012 by a clock of milliseconds: at .0125, as likely as not.
  const Segments = trace.Segments.map(({ Id, Document }) => ({
    Id,
    Document: Document.replace('1699999991.2', '1700000000.0128'),
  }));
  expect(Segments).not.toEqual(trace.Segments);
  writeRaw(folder, {
    csv: `${CSV_HEADER}\n${sample(trace.Id, 0)}`,
    traces: [{ Id: trace.Id, Segments }],
    events: [report(trace, true)],
  });
  await merge();
  expect(await read('invocations')).toMatchObject([{ prewarmed: true, cold: false }]);
});
