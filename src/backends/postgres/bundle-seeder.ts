import { extname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { messageOf, ToolError } from '../../base/errors.ts';
import { packageRoot } from '../../base/package-root.ts';
import { rowsKey } from './snapshot-key.ts';

/** Of the clone, where sources are TypeScript, or of what tsc made of it. */
const SOURCES = join(import.meta.dirname, '..', '..', '..');
const ENDING = extname(import.meta.filename);

/**
 * Bundles the function that fills a database on AWS from inside its network into `folder`, which
 * exists and is empty: one CommonJS file of the handler (deploy/handlers/seeder) and the very code
 * that seeds a local database. Returns what a stack is told of it. Throws ToolError.
 */
export async function bundleSeeder(
  folder: string,
): Promise<{ codeFolder: string; handler: string }> {
  const root = packageRoot();
  try {
    await build({
      absWorkingDir: root,
      stdin: {
        contents: composition(root),
        resolveDir: root,
        sourcefile: 'postgres-seeder.js',
        loader: 'js',
      },
      outfile: join(folder, 'index.cjs'),
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      mainFields: ['module', 'main'],
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'silent',
      tsconfigRaw: {},
    });
  } catch (error) {
    throw new ToolError(`cannot bundle the function that seeds PostgreSQL: ${messageOf(error)}`);
  }
  return { codeFolder: folder, handler: 'index.handler' };
}

/** deploy/ knows nothing of src/: here they meet. */
function composition(root: string): string {
  const from = (...path: string[]) =>
    JSON.stringify(`./${relative(root, join(SOURCES, ...path)).replaceAll('\\', '/')}${ENDING}`);
  return `import { dataset, isDatasetName } from ${from('fixtures', 'dataset', 'dataset')};
import { seed } from ${from('src', 'backends', 'postgres', 'seed')};
import { seeder } from './deploy/handlers/seeder/seeder.ts';

function rowsOf(name) {
  if (!isDatasetName(name)) throw new Error('there is no data set "' + name + '"');
  return dataset(name);
}
export const handler = seeder({ rowsOf, seed, content: ${JSON.stringify(rowsKey())} });
`;
}
