import { accessSync, chmodSync, constants, copyFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { messageOf, UsageError } from '../../base/errors.ts';
import type { Runtime } from '../../model/endpoint.ts';
import type { HandlerSource } from '../../model/own-handler.ts';
import { buildWithMap } from '../shared/build-with-map.ts';

interface HandlerCode {
  codeFolder: string;
  handler: { file: string; exportName: string };
  /** Absent of an executable. */
  sourceMap?: string;
}

/**
 * Makes the folder a function is created from: a module is bundled into one file, as it would be
 * deployed; an executable is copied. The file's path is absolute. Throws UsageError that says where
 * the handler was named.
 */
export async function prepareHandler(
  { file, exportName }: HandlerSource,
  runtime: Runtime,
  folder: string,
  named = '--handler',
): Promise<HandlerCode> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`${named}: there is no file ${file}`);
  }
  if (runtime === 'provided.al2023') return copyExecutable(file, folder, named);
  try {
    const format = await formatOf(file);
    const outputName = format === 'esm' ? 'index.mjs' : 'index.cjs';
    const { sourceMap } = await buildWithMap({
      ...COMMON,
      // Names in the output are relative to it: the same code gives the same bytes from anywhere.
      absWorkingDir: dirname(file),
      entryPoints: [file],
      outfile: join(folder, outputName),
      bundle: true,
      format,
      // Packages in CommonJS may require at run time, which a module has no means for by itself.
      banner: format === 'esm' ? { js: REQUIRE } : {},
    });
    return { codeFolder: folder, handler: { file: outputName, exportName }, sourceMap };
  } catch (error) {
    const advice = extname(file) === '' ? '\nan executable needs --runtime provided.al2023' : '';
    throw new UsageError(`${named}: ${file} cannot be bundled: ${messageOf(error)}${advice}`);
  }
}

const COMMON: BuildOptions = {
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  // A schema beside the code travels within it: what is read from disk at run time is not there.
  loader: { '.graphql': 'text', '.gql': 'text' },
  logLevel: 'silent',
};
const REQUIRE = `import { createRequire as benchCreateRequire } from 'node:module';
globalThis.require ??= benchCreateRequire(import.meta.url);`;

/** What a file is written in. A bundle keeps it: top-level await and import.meta need a module. */
async function formatOf(file: string): Promise<'esm' | 'cjs'> {
  const { metafile } = await build({
    ...COMMON,
    entryPoints: [file],
    outfile: '/probe.mjs',
    write: false,
    metafile: true,
  });
  const [input] = Object.values(metafile.inputs);
  if (input?.format !== undefined) return input.format;
  return file.endsWith('.cjs') || file.endsWith('.cts') ? 'cjs' : 'esm';
}

function copyExecutable(file: string, folder: string, named: string): HandlerCode {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    throw new UsageError(`${named}: ${file} is not executable, which provided.al2023 needs`);
  }
  const name = basename(file);
  copyFileSync(file, join(folder, name));
  chmodSync(join(folder, name), 0o755);
  return { codeFolder: folder, handler: { file: name, exportName: '' } };
}
