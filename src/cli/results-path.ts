import { resolve } from 'node:path';
import { loadConfig } from '../config/file/load-config.ts';
import { SETTINGS } from '../config/settings/table.ts';

/** Where runs are kept: what the flag says, else the configuration here, else `results`. */
export async function resultsPath(flag: string | undefined): Promise<string> {
  const cwd = process.cwd();
  if (flag !== undefined) return resolve(cwd, flag);
  const config = await loadConfig(undefined, cwd);
  return resolve(cwd, config?.raw.results ?? SETTINGS.results.default);
}
