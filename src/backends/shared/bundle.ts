import { join } from 'node:path';
import { messageOf, ToolError } from '../../base/errors.ts';
import { movedPath } from '../../base/moved-path.ts';
import { packageRoot } from '../../base/package-root.ts';
import { bundleKey, type Endpoint, serverOf } from '../../model/endpoint.ts';
import type { Checkout, HandlerArtifact } from '../../model/ports.ts';
import { buildWithMap } from './build-with-map.ts';
import { bundleFacts } from './bundle-facts.ts';
import { leaveOut, oneCopyOf, replace } from './bundle-plugins.ts';

const OTHER_DIALECTS =
  /^\.\/(better-sqlite3|cockroachdb|mssql|mysql2?|mariadb|oracle(db)?|pgnative|redshift|sqlite3)$/;

/**
 * Bundles a handler (a server over the reference resolvers, loaders and a data source) into
 * `folder/index.cjs`: one minified file with only what it uses. CommonJS: it loads as fast as the same
 * code as a module, and needs no shim for the packages that call `require`. The same input gives the
 * same bytes. Throws ToolError with esbuild's own messages.
 */
export async function bundleHandler(job: {
  endpoint: Pick<
    Endpoint,
    'backend' | 'dataLayer' | 'server' | 'batching' | 'responseStreaming' | 'revision'
  >;
  /** Of deploy/handlers/sources. */
  source: string;
  folder: string;
  checkout?: Checkout | undefined;
}): Promise<HandlerArtifact> {
  const { endpoint, source, folder } = job;
  const root = rootOf(job.checkout);
  const { batching, responseStreaming } = endpoint;
  const file = 'index.cjs';
  let sourceMap: string;
  try {
    ({ sourceMap } = await buildWithMap({
      // Names in the output are relative to it: no path of this machine gets into the bytes.
      absWorkingDir: root,
      stdin: {
        contents: composition({
          server: serverOf(endpoint),
          source,
          loaders: batching ? 'batched' : 'direct',
          streams: responseStreaming,
        }),
        resolveDir: join(root, 'deploy', 'handlers'),
        sourcefile: `${bundleKey({ ...endpoint, revision: null })}.ts`,
        loader: 'ts',
      },
      outfile: join(folder, file),
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      // The SDK's `import('node:http')` becomes a require: as a module, all of node:http's exports
      // are evaluated, its whole WebSocket client too, for 20 ms of CPU in the first call.
      supported: { 'dynamic-import': false },
      mainFields: ['module', 'main'],
      loader: { '.graphql': 'text' },
      define: {
        'process.env.NODE_ENV': '"production"',
        // Yoga compares its own class with Node's, and for that one comparison Node loads all of its
        // fetch, undici: 15 ms of CPU at each start.
        'globalThis.Request': 'undefined',
      },
      legalComments: 'none',
      logLevel: 'silent',
      tsconfigRaw: {},
      plugins: [
        oneCopyOf('@apollo/server'),
        // Loaded on demand, and never by us: plugins that are disabled, and the sources of
        // credentials of machines that are not Lambda, whose credentials are in the environment.
        leaveOut('@apollo/server', /^\.\/plugin\//),
        leaveOut('@aws-sdk/credential-provider-node', /credential-provider-/),
        // Apollo hashes with Node's crypto, but inside a bundle does not find it and takes this one.
        replace('sha.js', `module.exports = require('node:crypto').createHash;`),
        // Of Yoga's fetch classes: patterns of paths and uploads, which are off. The others stay, since
        // Node's own in their place would load undici too.
        replace('urlpattern-polyfill', 'module.exports = {};'),
        replace('@fastify/busboy', 'module.exports = {};'),
        // Knex, for PostgreSQL and questions only: the other dialects want drivers that are not here.
        leaveOut('knex', OTHER_DIALECTS, 'require-call'),
        replace('../migrations/migrate/Migrator', 'module.exports = {};'),
        replace('../migrations/seed/Seeder', 'module.exports = {};'),
      ],
    }));
  } catch (error) {
    throw new ToolError(`cannot bundle the handler ${bundleKey(endpoint)}: ${messageOf(error)}`);
  }
  const facts = await bundleFacts(endpoint, join(folder, file));
  return { folder, file, exportName: 'handler', facts, sourceMap };
}

/** What the handlers' sources and packages lie below. */
function rootOf(checkout: Checkout | undefined): string {
  if (checkout === undefined) return packageRoot();
  const root = movedPath(packageRoot(), checkout);
  if (root !== null) return root;
  throw new ToolError(`the handlers of bench are not below ${checkout.from}`);
}

/** A handler: one of each, put together. */
function composition(of: {
  server: string;
  source: string;
  loaders: string;
  streams: boolean;
}): string {
  const served = 'serve(loaders(source()))';
  return `import { loaders } from './loaders/${of.loaders}.ts';
import { serve } from './servers/${of.server}.ts';
import { source } from './sources/${of.source}.ts';
${of.streams ? "import { streamed } from './servers/shared/streamed.ts';\n" : ''}
export const handler = ${of.streams ? `streamed(${served})` : served};
`;
}
