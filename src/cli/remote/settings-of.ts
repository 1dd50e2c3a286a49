import { cacheFolder } from '../../base/cache.ts';
import type { RunOptions } from '../../config/run-options.ts';
import type { RunSettings } from '../../pipeline/types.ts';

/** What the pipeline is told beside the plan, as far as options say it. */
export function settingsOf(options: RunOptions): Omit<RunSettings, 'guard'> {
  return {
    keepRaw: options.keepRaw,
    cpuProfiles: options.cpuProfiles,
    requestTimeoutS: options.requestTimeoutS,
    maxVus: options.maxVus,
    headers: options.headers,
    backendOptions: options.backendOptions,
    cacheFolder: cacheFolder(process.env),
    baseCode: null,
    collectDeadlineMs: options.collectDeadlineS * 1000,
  };
}
