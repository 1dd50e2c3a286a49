import { expect, test } from 'vitest';
import { analyse, ladder } from '../testing/analyse.ts';
import type { MadeRequest } from '../testing/trial-files.ts';

test('calls to the backend and their time, of traced requests alone', async () => {
  const requests = ladder(100).map(
    (r, i): MadeRequest => ({
      ...r,
      operation: i % 4 === 0 ? 'Users' : 'User',
      backendCalls: i % 4 === 0 ? 10 : 1,
      backendMs: r.totalMs / 2,
      bare: i === 7,
    }),
  );
  const { cells } = await analyse([{ requests }, { requests }]);
  const [cell] = cells;
  expect(cell?.backend).toMatchObject({ tracedRequests: 198, callsMedian: { value: 1 } });
  expect(cell?.backend.callsMean).toMatchObject({ value: (25 * 10 + 74) / 99, unit: 'count' });
  expect(cell?.backend.medianMs.value).toBeCloseTo(25, 0);
  const shown = cell?.byOperation.map((row) => [
    row.operation,
    row.meanBackendCalls,
    row.medianBackendCalls,
    row.maxBackendCalls,
  ]);
  expect(shown).toEqual([
    ['User', 1, 1, 1],
    ['Users', 10, 10, 10],
  ]);
  expect(cell?.perTrial.map(({ trial, p50Ms, p99Ms }) => [trial, p50Ms, p99Ms])).toEqual([
    [1, 50, 99],
    [2, 50, 99],
  ]);
});

test('a handler without a traced call has no backend figures, not those of none', async () => {
  const { cells } = await analyse([{ requests: ladder(50, { backendCalls: 0, backendMs: 0 }) }]);
  const note = 'no call of the handler was traced; backend time is part of handler';
  expect(cells[0]?.backend).toMatchObject({
    tracedRequests: 50,
    callsMean: { value: null, note },
    medianMs: { value: null, note },
  });
  expect(cells[0]?.byOperation[0]).toMatchObject({ meanBackendCalls: null, maxBackendCalls: null });
  const { cells: bare } = await analyse([{ requests: ladder(50, { bare: true }) }]);
  expect(bare[0]?.backend.callsMean.note).toBe('no request was traced');
});
