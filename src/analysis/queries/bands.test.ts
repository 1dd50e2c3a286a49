import { expect, test } from 'vitest';
import { analyse, ladder } from '../testing/analyse.ts';

test('bands: ranks of the whole hold, parts that sum to the total', async () => {
  const requests = ladder(1000).map((r) => ({
    ...r,
    backendMs: r.totalMs / 2,
    ...(r.totalMs > 993 ? { cold: true, initMs: r.totalMs / 4 } : {}),
  }));
  const { cells } = await analyse([{ requests }]);
  const bands = new Map(cells[0]?.bands.map((band) => [band.band, band]));
  expect(bands.get('median')).toMatchObject({ requests: 100, meanTotalMs: 500.5 });
  expect(bands.get('above_p99')).toMatchObject({ requests: 10, coldRequests: 7 });
  expect(bands.get('above_p999')).toMatchObject({ requests: 1, meanTotalMs: 1000 });
  expect(bands.get('all')).toMatchObject({ requests: 1000 });
  for (const { meanPartsMs, meanTotalMs } of bands.values()) {
    const sum = Object.values(meanPartsMs).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(meanTotalMs, 6);
  }
  expect(cells[0]?.explained.maxSumErrorMs).toBe(0);
});

test('of a sample the traced requests alone tell of parts; without any trace REPORT lines do', async () => {
  const traced = (share: number) =>
    ladder(1000).map((r, i) => ({
      ...r,
      backendMs: r.totalMs / 2,
      untraced: i % 10 >= share * 10,
    }));
  const backendShare = async (share: number) => {
    const { cells } = await analyse([{ requests: traced(share) }], { traceShare: 0.1 });
    const all = cells[0]?.bands.find(({ band }) => band === 'all');
    return [all?.requests, (all?.meanPartsMs.backend ?? 0) / (all?.meanTotalMs ?? 1)];
  };
  expect(await backendShare(0.1)).toEqual([100, 0.5]);
  expect(await backendShare(0)).toEqual([1000, 0]);
});
