import { expect, test } from 'vitest';
import { initDurationMs } from './init-duration.ts';

const TEXT =
  'START RequestId: 1 Version: $LATEST\nEND RequestId: 1\nREPORT RequestId: 1\tDuration: 5134.50 ms\tBilled Duration: 5412 ms\tMemory Size: 128 MB\tMax Memory Used: 97 MB\tInit Duration: 276.94 ms\t\nXRAY TraceId: 1-2\tSegmentId: 3\tSampled: true\t\n';
const report = (metrics: object) =>
  `${JSON.stringify({ time: 't', type: 'platform.report', record: { requestId: '1', status: 'success', metrics } })}\n`;

test('the REPORT line tells it, in both formats', () => {
  expect(initDurationMs(TEXT)).toBe(276.94);
  const json = report({ durationMs: 5, initDurationMs: 301.5 });
  expect(initDurationMs(json)).toBe(301.5);
  // Cut where the 4 KB begin, within a line of the function's.
  expect(initDurationMs(`sage":"platform.report"}\n${json}`)).toBe(301.5);
});

test('none where an environment was there, or where only the function speaks of one', () => {
  expect(initDurationMs(TEXT.replace('Init Duration: 276.94 ms\t', ''))).toBeNull();
  expect(initDurationMs(report({ durationMs: 5 }))).toBeNull();
  expect(initDurationMs('the function logs\tInit Duration: 1 ms\n')).toBeNull();
  expect(initDurationMs('{"type":"x","text":"platform.report"}\n')).toBeNull();
  expect(initDurationMs('')).toBeNull();
});
