/**
 * Every setting of a run, once: its flag, its key in bench.config.ts, its default and its help. The
 * order is that of the help. No imports: `bench --help` reads it.
 */

/** How a value is written: as a flag, and as the raw value both flag and configuration are turned into. */
export type Kind =
  /** `--rate 50` */
  | 'text'
  /** `--memory 512,1024` */
  | 'list'
  /** `--keep-raw` */
  | 'switch'
  /** `--weights UserProfile=3,TenUsers=1` */
  | 'weights'
  /** `--header 'name: value' --header 'other: value'` */
  | 'headers';

export interface Setting {
  kind: Kind;
  help: string;
  /** What stands for the value in the help; a switch has none. */
  placeholder?: string;
  /** Without the dashes, where it is not the key in kebab case. */
  flag?: string;
  /** As it would be written. Absent: there is none, or it depends (`shownDefault`). */
  default?: string;
  shownDefault?: string;
  /** Its values are paths: from the working folder in a flag, from its folder in a configuration. */
  path?: true;
  /** Its values are not shown and not stored. */
  secret?: true;
  hidden?: true;
  /** Of the command line only: what a configuration cannot say. */
  flagOnly?: true;
}

const FIRST = "the backend's first";

export const SETTINGS = {
  config: {
    kind: 'text',
    placeholder: '<file>',
    help: 'settings to begin with; flags override them',
    shownDefault: 'bench.config.{ts,mts,js,mjs,json} here',
    path: true,
    flagOnly: true,
  },
  target: {
    kind: 'text',
    placeholder: '<name>',
    help: 'where endpoints live: local (this machine), aws (deployed for the run), url (deployed by you)',
    default: 'local',
  },
  backend: {
    kind: 'list',
    placeholder: '<names>',
    help: 'what stands behind the resolvers: dynamo, postgres, rest',
    default: 'dynamo',
  },
  memory: {
    kind: 'list',
    placeholder: '<MB>',
    help: 'memory sizes of the function',
    default: '1024',
  },
  front: {
    kind: 'list',
    placeholder: '<names>',
    help: 'how requests enter: rest-api, http-api, function-url, invoke',
    default: 'rest-api',
  },
  responseStreaming: {
    kind: 'list',
    placeholder: '<on,off>',
    help: 'front function-url: answers are passed on while they are made (InvokeMode RESPONSE_STREAM)',
    default: 'off',
  },
  server: {
    kind: 'list',
    placeholder: '<names>',
    help: 'GraphQL server in the handler',
    shownDefault: FIRST,
  },
  variant: {
    kind: 'list',
    placeholder: '<names>',
    help: 'how the data lie and are asked for: as-published, indexed',
    shownDefault: FIRST,
  },
  dataLayer: {
    kind: 'list',
    placeholder: '<names>',
    help: 'library between handler and backend: pg, knex',
    shownDefault: FIRST,
  },
  batching: {
    kind: 'list',
    placeholder: '<on,off>',
    help: 'gather the loads of a request (DataLoader)',
    shownDefault: 'off',
  },
  dataset: {
    kind: 'list',
    placeholder: '<names>',
    help: 'what the backend holds: x1, x100',
    shownDefault: FIRST,
  },
  handler: {
    kind: 'list',
    placeholder: '<file[#export]>',
    help: 'handlers of your own in place of a backend (export "handler" unless told)',
    path: true,
  },
  operations: {
    kind: 'text',
    placeholder: '<path>',
    help: 'own handler, target url: a .graphql file, or a folder of them',
    path: true,
  },
  variables: {
    kind: 'text',
    placeholder: '<path>',
    help: 'own handler, target url: a .csv or .json file, or a folder with one per operation',
    path: true,
  },
  schema: {
    kind: 'text',
    placeholder: '<file>',
    help: 'own handler, target url: SDL the operations are checked against first',
    path: true,
  },
  envFile: {
    kind: 'text',
    placeholder: '<file>',
    help: "own handler: the function's variables, a NAME=value a line; never stored",
    path: true,
  },
  runtime: {
    kind: 'text',
    placeholder: '<name>',
    help: 'own handler: provided.al2023 for an executable',
    default: 'nodejs24.x',
  },
  weights: {
    kind: 'weights',
    placeholder: '<op=n,…>',
    help: 'the operations to send, each with its weight',
    shownDefault: 'those of the API',
  },
  headers: {
    kind: 'headers',
    flag: 'header',
    placeholder: '<name: value>',
    help: `sent with every request, may be repeated; \${NAME} is the environment's; never stored`,
    secret: true,
  },
  scenario: {
    kind: 'text',
    placeholder: '<name>',
    help: 'ramp (open load), users (the 2019 study), closed (think time), cold (forced cold starts), burst (from idle to a rate at once)',
    default: 'ramp',
  },
  rate: {
    kind: 'text',
    placeholder: '<n>',
    help: 'ramp, burst: requests per second of the hold',
    shownDefault: '50; burst: what this host can initialise',
  },
  warmUp: {
    kind: 'text',
    placeholder: '<time>',
    help: 'ramp, closed: slow start before the ramp',
    shownDefault: '3s',
  },
  ramp: {
    kind: 'text',
    placeholder: '<time>',
    help: 'ramp, closed: rise to the full load',
    shownDefault: '10s, 5s',
  },
  hold: {
    kind: 'text',
    placeholder: '<time>',
    help: 'ramp, closed, burst: the full load; latency is taken from it',
    shownDefault: '20s',
  },
  users: {
    kind: 'text',
    placeholder: '<n>',
    help: 'users: how many, one request each',
    shownDefault: '500',
  },
  over: {
    kind: 'text',
    placeholder: '<time>',
    help: 'users: time over which they start',
    shownDefault: '30s',
  },
  vus: {
    kind: 'text',
    placeholder: '<n>',
    help: 'closed: virtual users',
    shownDefault: '10',
  },
  think: {
    kind: 'text',
    placeholder: '<time>',
    help: 'closed: pause between answer and next request',
    shownDefault: '1s',
  },
  coldStarts: {
    kind: 'text',
    placeholder: '<n>',
    help: 'cold: forced cold starts of a trial, one after the other',
    shownDefault: '20',
  },
  preset: {
    kind: 'text',
    placeholder: '<name>',
    help: 'quick (1 round), standard (5), thorough (10)',
    shownDefault: 'quick',
  },
  rounds: {
    kind: 'text',
    placeholder: '<n>',
    help: 'how often every cell is measured; 5 give intervals',
    default: '1',
  },
  seed: {
    kind: 'text',
    placeholder: '<n>',
    help: 'of the order and the draws',
    default: '1',
  },
  slo: {
    kind: 'text',
    placeholder: '<p99=time>',
    help: 'objective for p50, p90, p95 or p99: the report names the cheapest memory size that meets it',
  },
  region: {
    kind: 'text',
    placeholder: '<name>',
    help: 'AWS region whose prices costs are computed with; the target aws deploys there, to AWS_REGION where that is set and this is not given',
    default: 'us-east-1',
  },
  architecture: {
    kind: 'text',
    placeholder: '<name>',
    help: 'target aws: arm64 or x86_64',
    default: 'arm64',
  },
  expires: {
    kind: 'text',
    placeholder: '<time>',
    help: 'target aws: after this "bench destroy --expired" removes what is left',
    default: '4h',
  },
  keep: { kind: 'switch', help: 'target aws: leave what was deployed for the next run' },
  maxCost: {
    kind: 'text',
    placeholder: '<USD>',
    help: 'targets aws and url: a run that may cost more is not begun, and one that would ends',
    default: '5',
  },
  maxRequests: {
    kind: 'text',
    placeholder: '<n>',
    help: 'targets aws and url: a run that may send more requests is not begun, and one that would ends',
    default: '1000000',
  },
  maxTime: {
    kind: 'text',
    placeholder: '<time>',
    help: 'targets aws and url: a run of more load is not begun, and one that comes to more ends',
    default: '4h',
  },
  traceSample: {
    kind: 'text',
    placeholder: '<share>',
    help: 'targets aws and url: share of the requests that are traced, such as 10%',
    default: '100%',
  },
  url: {
    kind: 'text',
    placeholder: '<url>',
    help: 'target url: one endpoint; several, or more about one, stand below "endpoints" of the configuration',
    flagOnly: true,
  },
  iOwnThis: {
    kind: 'switch',
    help: 'target url: the endpoints are yours, or their owner agreed to this load',
    flagOnly: true,
  },
  provisionedConcurrency: {
    kind: 'list',
    placeholder: '<n>',
    help: 'environments that are initialised before any request; 0 for none',
    default: '0',
  },
  reservedConcurrency: {
    kind: 'list',
    placeholder: '<n>',
    help: 'invocations of the function at a time, more are throttled; none for no limit',
    default: 'none',
  },
  timeout: {
    kind: 'text',
    placeholder: '<s>',
    help: 'timeout of the function in seconds',
    default: '30',
  },
  requestTimeout: {
    kind: 'text',
    placeholder: '<time>',
    help: 'a request without an answer fails after this',
    default: '60s',
  },
  maxVus: {
    kind: 'text',
    placeholder: '<n>',
    help: 'ramp, users, burst: the most virtual users k6 may start',
    default: '500',
  },
  postgresUrl: {
    kind: 'text',
    placeholder: '<url>',
    help: `a PostgreSQL of yours in place of one of ours; \${NAME} is the environment's; never stored`,
    secret: true,
  },
  postgresConnections: {
    kind: 'text',
    placeholder: '<n>',
    help: 'max_connections of a PostgreSQL of ours',
  },
  results: {
    kind: 'text',
    placeholder: '<folder>',
    help: 'where runs are kept',
    default: 'results',
    path: true,
  },
  profile: {
    kind: 'switch',
    help: 'target local: keep CPU profiles of init and of the slowest invocations, and say what init spends its time on',
  },
  keepRaw: { kind: 'switch', help: "keep k6's samples (about 1.4 KB a request)" },
  yes: {
    kind: 'switch',
    help: 'go on without asking; it is asked over 100 trials or an hour, and always for aws and url',
    flagOnly: true,
  },
  json: { kind: 'switch', help: 'print the result as JSON', flagOnly: true },
  collectDeadline: {
    kind: 'text',
    placeholder: '<time>',
    help: 'give telemetry up after this',
    default: '60s',
    hidden: true,
    flagOnly: true,
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

interface RawOf {
  text: string;
  list: string[];
  switch: boolean;
  weights: Record<string, string>;
  headers: Record<string, string>;
}
export type Raw<K extends SettingKey> = RawOf[(typeof SETTINGS)[K]['kind']];
/** Settings as they were written, whether as flags or in a configuration. */
export type RawSettings = { [K in SettingKey]?: Raw<K> };

/** The settings of a scenario's load; in a configuration they stand below `scenario`. */
export const LOAD_KEYS = [
  'rate',
  'warmUp',
  'ramp',
  'hold',
  'users',
  'over',
  'vus',
  'think',
  'coldStarts',
] as const satisfies SettingKey[];
export type LoadKey = (typeof LOAD_KEYS)[number];

export function settingOf(key: SettingKey): Setting {
  return SETTINGS[key];
}

/** `dataLayer` → `--data-layer` */
export function flagOf(key: SettingKey): string {
  const { flag } = settingOf(key);
  return `--${flag ?? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
