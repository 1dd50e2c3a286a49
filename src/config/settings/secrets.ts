import { UsageError } from '../../base/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Set by whoever sends the request; another value would break it or its trace. */
const TAKEN = [
  'host',
  'content-length',
  'content-type',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'transfer-encoding',
  'x-amzn-trace-id',
];

/** Puts the environment's variables in for `${NAME}`. Throws UsageError naming the one that is missing. */
export function withVariables(text: string, named: string, env: Environment): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new UsageError(`${named}: "\${${name}}" names no environment variable`);
    }
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    const problem = value === undefined ? 'is not set' : 'is empty';
    throw new UsageError(`${named}: the environment variable ${name} ${problem}`);
  });
}

/** Headers to send; messages name a header and never show its value. */
export function headersOf(
  raw: Readonly<Record<string, string>>,
  named: string,
  env: Environment,
): Record<string, string> {
  const seen = new Set<string>();
  const headers = Object.entries(raw).map(([name, template]) => {
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      // Not shown: where the name was forgotten, it is a piece of the value.
      throw new UsageError(`${named}: what stands before a ":" is not a header's name`);
    }
    if (TAKEN.includes(lower)) {
      throw new UsageError(`${named}: ${name} is set by what sends the requests; leave it out`);
    }
    if (seen.has(lower)) throw new UsageError(`${named}: "${name}" stands there twice`);
    seen.add(lower);
    const value = withVariables(template, `${named} ${name}`, env);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new UsageError(`${named} ${name}: its value has a character no header may have`);
    }
    return [name, value];
  });
  return Object.fromEntries(headers);
}

/** A PostgreSQL's address; it may hold a password, so no message shows it. */
export function postgresUrlOf(raw: string, named: string, env: Environment): string {
  const text = withVariables(raw, named, env);
  const url = URL.parse(text);
  // A `#` in a password ends what is read as the host, which messages do show.
  if (url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hash === '') return text;
  throw new UsageError(
    `${named}: this is not an address of a PostgreSQL; write postgres://user@host:5432/database, and %40 for @, %23 for #, %2F for / in a password`,
  );
}
