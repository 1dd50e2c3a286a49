import { expect, test } from 'vitest';
import type { DeployedFunction } from '../../model/deployment.ts';
import { fittingDeployment } from './find-deployment.ts';
import { specOf } from './spec-of.ts';
import { aDeployment, aPreparedCell, RUN, recordingBackends } from './testing/prepared.ts';

const spec = specOf(
  [
    aPreparedCell({ provisionedConcurrency: 1 }),
    aPreparedCell({ memoryMb: 2048, front: 'invoke' }),
  ],
  recordingBackends([]),
  {
    ...{ run: 'new', account: '1', region: 'us-east-1', architecture: 'arm64' },
    ...{ createdAt: new Date(0), expiresS: 60, kept: false },
  },
);
const DEPLOYED = spec.stacks
  .flatMap(({ functions }) => functions)
  .map(
    ({ key, name, memoryMb, timeoutS, codeSha256, alias }): DeployedFunction => ({
      ...{ key, name, memoryMb, timeoutS, codeSha256 },
      qualifier: alias ? 'live' : null,
      logGroup: `/aws/lambda/${name}`,
      fronts: { 'rest-api': { url: 'https://a', dimensions: null } },
    }),
  );
const FITS = aDeployment({ functions: DEPLOYED });
const WITHIN = { nowMs: Date.parse('2026-11-21T00:00:00Z'), neededS: 3600 };

test('one that has more than is needed fits; Invoke is no front that must be deployed', () => {
  expect(fittingDeployment([FITS], spec, WITHIN)?.run).toBe(RUN);
});

test.each<[string, Partial<DeployedFunction>]>([
  ['another alias', { qualifier: null }],
  ['other code', { codeSha256: 'cd' }],
  ['another timeout', { timeoutS: 31 }],
  ['another size', { memoryMb: 2048 }],
  ['a front too few', { fronts: {} }],
])('one with %s does not', (_, own) => {
  const [first, ...others] = DEPLOYED;
  const functions = [{ ...(first as DeployedFunction), ...own }, ...others];
  expect(fittingDeployment([{ ...FITS, functions }], spec, WITHIN)).toBeNull();
});

test('one that goes when its run ends does not', () => {
  expect(fittingDeployment([{ ...FITS, kept: false }], spec, WITHIN)).toBeNull();
});

test('one whose stages hold the load back, whose time is up or unknown, does not', () => {
  const faster = { ...spec, throttle: { ratePerS: 1000, burst: 500 } };
  expect(fittingDeployment([FITS], faster, WITHIN)).toBeNull();
  expect(fittingDeployment([{ ...FITS, expiresAt: '2026-11-21T00:59:59Z' }], spec, WITHIN)).toBe(
    null,
  );
  expect(fittingDeployment([{ ...FITS, expiresAt: '' }], spec, WITHIN)).toBeNull();
});
