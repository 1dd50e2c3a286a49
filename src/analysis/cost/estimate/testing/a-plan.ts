import type { Endpoint } from '../../../../model/endpoint.ts';
import { type Plan, planSchema } from '../../../../model/run.ts';
import type { LoadProfile } from '../../../../model/scenario.ts';
import { anEndpoint } from '../../../../model/testing/an-endpoint.ts';

/** 650 requests: 5/s for 10 s, rising to 20/s within 8 s, then 25 s of it. */
export const RAMP: LoadProfile = { kind: 'ramp', ratePerS: 20, warmUpS: 10, rampS: 8, holdS: 25 };

/** A plan of one cell an endpoint, `c1`, `c2` …, for AWS. */
export function aPlan(
  endpoints: Partial<Endpoint>[],
  more: Partial<Omit<Plan, 'cells'>> = {},
  profile: LoadProfile = RAMP,
): Plan {
  return planSchema.parse({
    target: 'aws',
    cells: endpoints.map((own, i) => ({
      id: `c${i + 1}`,
      endpoint: anEndpoint({ memoryMb: 1024, front: 'http-api', ...own }),
      profile,
    })),
    rounds: 1,
    seed: 1,
    operations: [{ name: 'UserWithTweets', weight: 1 }],
    ...more,
  });
}
