import { isBuiltin } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { errnoOf, messageOf, UsageError } from '../../base/errors.ts';

/** How a configuration names this package, whether or not it is installed where it lies. */
const OWN_NAME = 'graphql-lambda-bench';

export interface Bundled {
  code: string;
  /** Source map of the code, version 3; its sources are absolute paths. */
  map: string;
}

/**
 * Bundles a configuration and the files it imports into one module; packages stay outside, named by
 * their absolute path, so that the module runs wherever it is loaded from. Throws UsageError with
 * file and line.
 */
export async function bundleConfig(file: string, named: string): Promise<Bundled> {
  const { build } = await import('esbuild');
  const folder = dirname(file);
  const url = pathToFileURL(file).href;
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      outdir: folder,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      // As Node resolves, without esbuild's preference for the field `module`.
      conditions: [],
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      absWorkingDir: folder,
      define: {
        'import.meta.url': JSON.stringify(url),
        'import.meta.filename': JSON.stringify(file),
        'import.meta.dirname': JSON.stringify(folder),
        __filename: JSON.stringify(file),
        __dirname: JSON.stringify(folder),
      },
      banner: {
        js: `import { createRequire as benchCreateRequire } from 'node:module'; const require = benchCreateRequire(${JSON.stringify(url)});`,
      },
      plugins: [ownName, packagesOutside],
    });
    const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text;
    return { code: text('.js') ?? '', map: text('.map') ?? '{}' };
  } catch (error) {
    throw new UsageError(buildProblem(error, folder, named));
  }
}

/** Our own entry is beside this folder: TypeScript in the clone, JavaScript in the package. */
const ownName: Plugin = {
  name: 'own-name',
  setup(build) {
    const entry = join(import.meta.dirname, `../../index${extname(import.meta.filename)}`);
    build.onResolve({ filter: new RegExp(`^${OWN_NAME}$`) }, () => ({ path: entry }));
  },
};

const RESOLVED = 'bench-resolved';

const packagesOutside: Plugin = {
  name: 'packages-outside',
  setup(build) {
    build.onResolve(
      { filter: /^[^./]/ },
      async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind === 'entry-point' || pluginData === RESOLVED) return null;
        if (isBuiltin(path)) return { path, external: true };
        const found = await build.resolve(path, {
          kind,
          importer,
          resolveDir,
          pluginData: RESOLVED,
        });
        // Of the same workspace it may be TypeScript, and JSON needs an attribute: both are bundled.
        const outside = /\/node_modules\/.*\.([cm]?js|node)$/.test(found.path);
        if (found.errors.length > 0 || !outside) return found;
        const required = kind === 'require-call' || kind === 'require-resolve';
        return { path: required ? found.path : pathToFileURL(found.path).href, external: true };
      },
    );
  },
};

interface BuildMessage {
  text: string;
  location: { file: string; line: number } | null;
}

function buildProblem(error: unknown, folder: string, named: string): string {
  const { errors } = error as { errors?: BuildMessage[] };
  const [first] = errors ?? [];
  if (first === undefined) return `${named}: ${errnoOf(error) ?? ''} ${messageOf(error)}`;
  const said = withoutStrings(first.text);
  if (first.location === null) return `${named}: ${said}`;
  const { file, line } = first.location;
  return `${placeOf(resolve(folder, file), line, folder, named)}: ${said}`;
}

/** What is wrong with a JSON document, and in which line; null where esbuild takes it. */
export async function jsonProblem(text: string, named: string): Promise<string | null> {
  const { transform } = await import('esbuild');
  try {
    await transform(text, { loader: 'json', logLevel: 'silent' });
    return null;
  } catch (error) {
    const [first] = (error as { errors?: BuildMessage[] }).errors ?? [];
    const said = withoutStrings(first?.text ?? messageOf(error));
    return `${named}:${first?.location?.line ?? 1}: ${said}`;
  }
}

/** esbuild shows what it stumbled over: a text may be a secret. */
function withoutStrings(message: string): string {
  return message.replace(/"(\\"|'|`).*"/, 'a string');
}

/** `bench.config.ts:3`, or the path of a file it imports. */
export function placeOf(path: string, line: number, folder: string, named: string): string {
  return `${path === resolve(folder, named) ? named : path}:${line}`;
}
