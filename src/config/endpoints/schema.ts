import { z } from 'zod';
import { ENDPOINT_FRONTS } from '../../model/endpoint.ts';

/** What bench.config.ts may say below `endpoints`: shapes only, values are checked in settings.ts. */

const text = (expected: string) => z.string({ error: expected }).min(1, { error: expected });
const flag = z.boolean({ error: 'true or false' });
const strings = (what: string) =>
  z.record(z.string(), z.string({ error: 'a string' }), { error: `an object of ${what}` });

const AUTHS = ['none', 'sigv4'] as const;

const endpointSchema = z
  .strictObject(
    {
      url: text('an address such as https://api.example.com/graphql').describe(
        'where GraphQL requests are posted to; the front invoke has none',
      ),
      function: text("a function's name or ARN, with its alias as in 'checkout:live'").describe(
        'the Lambda function behind it: with rights to read its configuration, traces and logs the breakdown is complete',
      ),
      region: text('the name of a region').describe(
        'of function and signature (default: what url or function tell, then AWS_REGION)',
      ),
      front: z
        .enum(ENDPOINT_FRONTS, { error: `one of ${ENDPOINT_FRONTS.join(', ')}` })
        .describe('how requests enter (default: what url tells, else other)'),
      auth: z
        .enum(AUTHS, { error: `one of ${AUTHS.join(', ')}` })
        .describe("sigv4: signed with AWS's default credentials (default: none; invoke: sigv4)"),
      headers: strings('names and strings').describe(
        `sent with every request, for API keys and tokens; \${NAME} is the environment's; never stored`,
      ),
      metrics: strings('CloudWatch dimensions').describe(
        "CloudWatch's dimensions of the front, such as { ApiName: 'shop', Stage: 'prod' } (default: its metrics are not read)",
      ),
      renew: flag.describe(
        "the function's configuration may be changed to force cold starts, which the scenario cold needs (default: false)",
      ),
    },
    { error: 'an object of what is known about it' },
  )
  .partial();

export const endpointsSchema = z
  .record(z.string(), endpointSchema, { error: 'an object of names and endpoints' })
  .describe('endpoints that you deployed, for the target url; other targets do not use it');

export type EndpointInput = z.input<typeof endpointSchema>;
export type EndpointsInput = z.input<typeof endpointsSchema>;

/** The keys there are of an endpoint, for messages. */
export function endpointKeys(): readonly string[] {
  return Object.keys(endpointSchema.shape);
}
