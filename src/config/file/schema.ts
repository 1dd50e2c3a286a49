import { z } from 'zod';
import { ARCHITECTURES, FRONTS, RUNTIMES } from '../../model/endpoint.ts';
import { endpointsSchema } from '../endpoints/schema.ts';
import { gateConfigSchema } from '../gating/schema.ts';
import { SCENARIOS } from '../settings/load-profile.ts';
import { TARGETS } from '../settings/remote.ts';
import { type SettingKey, settingOf } from '../settings/table.ts';

/**
 * What bench.config.ts may say: shapes and types only. The values themselves are checked by the rules
 * of the flags (run-options.ts), so that both say the same of the same mistake. Every node tells what
 * it expects, for messages.
 */

function described<T extends z.ZodType>(key: SettingKey, schema: T): T {
  const { help, shownDefault, default: own } = { shownDefault: undefined, ...settingOf(key) };
  const stands = own ?? shownDefault;
  return schema.describe(stands === undefined ? help : `${help} (default: ${stands})`) as T;
}

const text = (expected: string) => z.string({ error: expected }).min(1, { error: expected });
const number = (expected: string) => z.number({ error: expected });
const duration = text("a duration such as '20s'");
const path = text('a path');

/** One value, or a list of at least one. */
function oneOrMore<T extends z.ZodType>(item: T, expected: string) {
  return z.union([item, z.array(item).min(1, { error: 'at least one value' })], {
    error: expected,
  });
}

const names = oneOrMore(text('a name'), 'a name or a list of names');
const NUMBERS = 'a number or a list of numbers';
const LIMIT = "a number or 'none'";
const FRONT_NAMES = `one or a list of ${FRONTS.join(', ')}`;
const phases = {
  warmUp: described('warmUp', duration.optional()),
  ramp: described('ramp', duration.optional()),
  hold: described('hold', duration.optional()),
};

const KINDS = "'ramp', 'users', 'closed', 'cold', 'burst'";
const SCENARIO = `${KINDS} or an object such as { kind: 'ramp', rate: 50, hold: '20s' }`;
const rate = described('rate', number('requests per second, as a number').optional());
const scenario = z.union(
  [
    z.enum(SCENARIOS),
    z.discriminatedUnion(
      'kind',
      [
        z.strictObject({
          kind: z.literal('ramp'),
          rate,
          ...phases,
        }),
        z.strictObject({
          kind: z.literal('users'),
          users: described('users', number('a number').optional()),
          over: described('over', duration.optional()),
        }),
        z.strictObject({
          kind: z.literal('closed'),
          vus: described('vus', number('a number').optional()),
          think: described('think', duration.optional()),
          ...phases,
        }),
        z.strictObject({
          kind: z.literal('cold'),
          coldStarts: described('coldStarts', number('a number').optional()),
        }),
        z.strictObject({ kind: z.literal('burst'), rate, hold: phases.hold }),
      ],
      { error: `one of ${KINDS}` },
    ),
  ],
  { error: SCENARIO },
);

const MAPPING = 'an object of names and';

export const configSchema = z
  .strictObject(
    {
      $schema: z.string().optional().describe('where this schema is, for editors of JSON'),
      target: described('target', z.enum(TARGETS, { error: `one of ${TARGETS.join(', ')}` })),
      backend: described('backend', names),
      memory: described('memory', oneOrMore(number('a number of MB'), NUMBERS)),
      front: described('front', oneOrMore(z.enum(FRONTS, { error: FRONT_NAMES }), FRONT_NAMES)),
      server: described('server', names),
      variant: described('variant', names),
      dataLayer: described('dataLayer', names),
      responseStreaming: described(
        'responseStreaming',
        oneOrMore(z.boolean({ error: 'true or false' }), 'true, false or a list of both'),
      ),
      batching: described(
        'batching',
        oneOrMore(z.boolean({ error: 'true or false' }), 'true, false or a list of both'),
      ),
      dataset: described('dataset', names),
      handler: described('handler', oneOrMore(path, 'a file#export or a list of them')),
      operations: described('operations', path),
      variables: described('variables', path),
      schema: described('schema', path),
      envFile: described('envFile', path),
      runtime: described('runtime', z.enum(RUNTIMES, { error: `one of ${RUNTIMES.join(', ')}` })),
      weights: described(
        'weights',
        z.record(z.string(), number('a number'), { error: `${MAPPING} numbers` }),
      ),
      headers: described(
        'headers',
        z.record(z.string(), z.string({ error: 'a string' }), { error: `${MAPPING} strings` }),
      ),
      scenario: described('scenario', scenario),
      preset: described('preset', text("'quick', 'standard' or 'thorough'")),
      rounds: described('rounds', number('a number')),
      seed: described('seed', number('a number')),
      slo: described('slo', text("an objective such as 'p99=100ms'")),
      region: described('region', text('the name of a region')),
      architecture: described(
        'architecture',
        z.enum(ARCHITECTURES, { error: `one of ${ARCHITECTURES.join(', ')}` }),
      ),
      expires: described('expires', duration),
      keep: described('keep', z.boolean({ error: 'true or false' })),
      maxCost: described('maxCost', number('a number of US dollars')),
      maxRequests: described('maxRequests', number('a number')),
      maxTime: described('maxTime', duration),
      traceSample: described('traceSample', text("a share such as '10%'")),
      provisionedConcurrency: described(
        'provisionedConcurrency',
        oneOrMore(number('a number'), NUMBERS),
      ),
      reservedConcurrency: described(
        'reservedConcurrency',
        oneOrMore(
          z.union([number(LIMIT), z.literal('none')], { error: LIMIT }),
          `${LIMIT}, or a list of them`,
        ),
      ),
      timeout: described('timeout', number('a number of seconds')),
      requestTimeout: described('requestTimeout', duration),
      maxVus: described('maxVus', number('a number')),
      postgresUrl: described(
        'postgresUrl',
        text('an address such as postgres://user@host/database'),
      ),
      postgresConnections: described('postgresConnections', number('a number')),
      results: described('results', path),
      profile: described('profile', z.boolean({ error: 'true or false' })),
      keepRaw: described('keepRaw', z.boolean({ error: 'true or false' })),
      endpoints: endpointsSchema,
      gate: gateConfigSchema.describe('what "bench gate" judges; other commands do not use it'),
    },
    { error: 'an object of settings' },
  )
  .partial();

/** The settings of a run, as bench.config.ts writes them. */
export interface BenchConfig extends z.input<typeof configSchema> {}

/** The JSON Schema of bench.config.json, as text. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'bench.config of graphql-lambda-bench' }, null, 2)}\n`;
}
