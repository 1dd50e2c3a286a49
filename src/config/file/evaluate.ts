import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { messageOf, UsageError } from '../../base/errors.ts';
import { type Bundled, bundleConfig, placeOf } from './bundle.ts';

/** A configuration may look things up; one that never answers must not hang the command. */
const LIMIT_MS = 60_000;

/**
 * What a configuration in TypeScript or JavaScript exports by default; a function is called. The
 * module is loaded from memory: nothing is written beside the file. Throws UsageError with file and
 * line for what it throws.
 */
export async function evaluateConfig(file: string, named: string): Promise<unknown> {
  const bundled = await bundleConfig(file, named);
  const address = `data:text/javascript;base64,${Buffer.from(bundled.code).toString('base64')}`;
  let exported: unknown;
  try {
    const module: { default?: unknown } = await inTime(import(address), named);
    exported = module.default;
    if (typeof exported === 'function') exported = await inTime(exported(), named);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${placeOfError(error, bundled, file, named)}: ${messageOf(error)}`);
  }
  if (exported !== undefined) return exported;
  throw new UsageError(
    `${named}: it exports no settings; write "export default defineConfig({ … })"`,
  );
}

async function inTime<T>(work: Promise<T> | T, named: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const say = () => reject(new UsageError(`${named}: it gave no settings within 60 s`));
    timer = setTimeout(say, LIMIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The uppermost line of the stack that lies in the configuration or in what it imports. */
function placeOfError(error: unknown, bundled: Bundled, file: string, named: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frame = /data:text\/javascript;base64,[\w+/=]*:(\d+):(\d+)/.exec(stack);
  if (frame === null) return named;
  const entry = new SourceMap(JSON.parse(bundled.map)).findEntry(
    Number(frame[1]) - 1,
    Number(frame[2]) - 1,
  );
  if (!('originalSource' in entry)) return named;
  const folder = dirname(file);
  const line = entry.originalLine + 1;
  return placeOf(resolve(folder, entry.originalSource), line, folder, named);
}
