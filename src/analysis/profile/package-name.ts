/** What is not in a package: the handler's own code. */
export const OWN_CODE = 'own code';

/**
 * The package a source file belongs to: what stands after the last `node_modules`, as npm, pnpm
 * (`.pnpm/a@1.0.0/node_modules/a`) and Yarn (`a-npm-1.0.0-….zip/node_modules/a`) lay it out.
 */
export function packageOf(source: string): string {
  const at = source.lastIndexOf('node_modules/');
  if (at < 0) return OWN_CODE;
  const [first = '', second = ''] = source.slice(at + 'node_modules/'.length).split('/');
  return first.startsWith('@') && second !== '' ? `${first}/${second}` : first;
}

/** Scopes whose packages make up what people know by one name. */
const MAKERS: Record<string, string> = {
  '@aws-sdk': 'aws-sdk',
  '@smithy': 'aws-sdk',
  '@aws-crypto': 'aws-sdk',
  '@aws': 'aws-sdk',
  '@apollo': 'apollo',
  '@as-integrations': 'apollo',
  '@graphql-yoga': 'graphql-yoga',
  '@envelop': 'graphql-yoga',
};

/** Packages that only one of the makers above has, without its scope. */
const PARTS: Record<string, string> = {
  'aws-sdk': 'aws-sdk',
  'aws-xray-sdk-core': 'aws-xray-sdk',
  'aws-xray-sdk': 'aws-xray-sdk',
  'pg-types': 'pg',
  'pg-protocol': 'pg',
  'pg-pool': 'pg',
  'pg-connection-string': 'pg',
  'pg-int8': 'pg',
  pgpass: 'pg',
};

/** What a package is a part of: its maker's name, else its scope, else itself. */
export function familyOf(name: string): string {
  if (!name.startsWith('@')) return PARTS[name] ?? name;
  const [scope = name] = name.split('/');
  return MAKERS[scope] ?? scope.slice(1);
}

/** A source's name without the machine's paths: from its package, or from the project. */
export function shownSource(source: string): string {
  const at = source.lastIndexOf('node_modules/');
  if (at >= 0) return source.slice(at);
  return source
    .replace(/^[a-z-]+:\/\/\/?/i, '')
    .replace(/^(?:\/|(?:\.\.\/)+)(?:.*\/)?([^/]+\/[^/]+)$/, '$1');
}
