import { writeFileSync } from 'node:fs';
import { type BuildOptions, build } from 'esbuild';

/**
 * Builds one file and gives its source map, which the file does not name: the code is the same bytes as
 * without, and nothing of the map is deployed. Rejects with esbuild's own error.
 */
export async function buildWithMap(
  options: BuildOptions & { outfile: string },
): Promise<{ sourceMap: string }> {
  const { outputFiles } = await build({
    ...options,
    write: false,
    sourcemap: 'external',
    sourcesContent: false,
  });
  const code = outputFiles.find(({ path }) => !path.endsWith('.map'));
  const map = outputFiles.find(({ path }) => path.endsWith('.map'));
  if (code === undefined || map === undefined) throw new Error('esbuild made no file');
  writeFileSync(options.outfile, code.contents);
  return { sourceMap: map.text };
}
