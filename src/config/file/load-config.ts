import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, UsageError } from '../../base/errors.ts';
import type { ConfigSettings } from '../settings/choose.ts';

export const CONFIG_FILES = [
  'bench.config.ts',
  'bench.config.mts',
  'bench.config.js',
  'bench.config.mjs',
  'bench.config.json',
] as const;

/**
 * Reads the configuration: the file `--config` names, or the one of the working folder, or none. What
 * reads and checks it (esbuild, zod) is imported only where there is one. Throws UsageError that
 * names the file and, where there is one, the line or the field.
 */
export async function loadConfig(
  named: string | undefined,
  cwd: string,
): Promise<ConfigSettings | null> {
  const file = named === undefined ? found(cwd) : resolve(cwd, named);
  if (file === null) return null;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`--config: there is no file ${file}`);
  }
  const name = basename(file);
  const value = await readValue(file, name);
  const [{ configSchema }, { problemOf }, { rawFromConfig }, { gateSettings }] = await Promise.all([
    import('./schema.ts'),
    import('./problems.ts'),
    import('./from-config.ts'),
    import('../gating/settings.ts'),
  ]);
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const settings = Object.keys(configSchema.shape);
    throw new UsageError(`${name}: ${problemOf(parsed.error.issues, value, settings)}`);
  }
  const raw = rawFromConfig(parsed.data, dirname(file));
  const { gate, endpoints } = parsed.data;
  // A mistake in it is told by every command, not in CI first.
  if (gate !== undefined) gateSettings({}, { name, gate });
  return {
    name,
    raw,
    ...(gate !== undefined && { gate }),
    ...(endpoints !== undefined && { endpoints }),
  };
}

function found(cwd: string): string | null {
  const files = CONFIG_FILES.filter((name) => existsSync(join(cwd, name)));
  if (files.length > 1) {
    throw new UsageError(`there are ${files.join(' and ')}: choose one with --config`);
  }
  return files[0] === undefined ? null : join(cwd, files[0]);
}

async function readValue(file: string, name: string): Promise<unknown> {
  if (!file.endsWith('.json')) {
    const { evaluateConfig } = await import('./evaluate.ts');
    return evaluateConfig(file, name);
  }
  // Editors of Windows put a byte order mark first.
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    // JSON.parse quotes the document and often names no place in it.
    const { jsonProblem } = await import('./bundle.ts');
    throw new UsageError((await jsonProblem(text, name)) ?? `${name}: ${messageOf(error)}`);
  }
}
