import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { parseReport } from './report-line.ts';

const events = JSON.parse(
  readFileSync(join(packageRoot(), 'fixtures', 'recorded', 'log-events.json'), 'utf8'),
) as { message: string }[];

test('REPORT lines of both formats among other lines', () => {
  const reports = events.map(({ message }) => parseReport(message)).filter((r) => r !== null);
  expect(reports).toEqual([
    {
      requestId: '22222222-2222-4222-8222-000000000001',
      traceId: '1-6553f100-000000000000000000000001',
      initUs: 276_940,
      durationUs: 5_134_500,
      billedUs: 5_412_000,
      memoryMb: 128,
      maxMemoryMb: 97,
      status: 'success',
    },
    expect.objectContaining({
      status: 'timeout',
      traceId: null,
      initUs: null,
      durationUs: 3_000_000,
    }),
    expect.objectContaining({ status: 'error', maxMemoryMb: 128 }),
    expect.objectContaining({ initUs: 280_120, status: 'success' }),
    {
      requestId: '77777777-7777-4777-8777-777777777777',
      traceId: '1-6553f100-000000000000000000000004',
      initUs: 184_200,
      durationUs: 15_300,
      billedUs: 200_000,
      memoryMb: 512,
      maxMemoryMb: 88,
      status: 'success',
    },
  ]);
});

test('a report that cannot be read says what it lacks', () => {
  expect(parseReport('REPORT RequestId: x\tDuration: soon\t')).toEqual({
    problem: 'REPORT of "x" has no Duration',
  });
  expect(parseReport('REPORT RequestId: \tDuration: 1.00 ms')).toEqual({
    problem: 'a REPORT line has no RequestId',
  });
  expect(parseReport('{"type":"platform.report"')).toEqual({
    problem: 'a platform.report event is not JSON',
  });
});

test('no message makes it throw', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((s) => `REPORT RequestId: ${s}`),
    fc.jsonValue().map((record) => JSON.stringify({ type: 'platform.report', record })),
    fc
      .record({ requestId: fc.jsonValue(), metrics: fc.jsonValue(), tracing: fc.jsonValue() })
      .map((record) => JSON.stringify({ type: 'platform.report', record })),
  );
  fc.assert(
    fc.property(text, (message) => {
      parseReport(message);
    }),
    { numRuns: 500 },
  );
});
