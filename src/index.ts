import type { BenchConfig } from './config/file/schema.ts';

export type { BenchConfig } from './config/file/schema.ts';

/** Settings, or a function that gives them, maybe later. */
export type ConfigExport = BenchConfig | (() => BenchConfig | Promise<BenchConfig>);

/**
 * Gives bench.config.ts its types: `export default defineConfig({ memory: [512, 1024] })`.
 * Every setting is a flag of `bench run` too (those below `gate` of `bench gate`), and a flag overrides
 * what stands here.
 */
export function defineConfig(config: ConfigExport): ConfigExport {
  return config;
}
