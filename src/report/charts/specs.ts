import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type TopLevelSpec } from 'vega-lite';
import { packageRoot } from '../../base/package-root.ts';
import type { Chart, VegaSpec } from './chart.ts';

const compiled = new Map<string, { spec: VegaSpec; warnings: string[] }>();

/**
 * Compiles reports/charts/<name>.vl.json to Vega, once a process. Data stay names: the page puts
 * the rows in. `warnings` are the compiler's and are empty for a sound spec.
 */
export function compileSpec(name: string): { spec: VegaSpec; warnings: string[] } {
  const known = compiled.get(name);
  if (known) return known;
  const folder = join(packageRoot(), 'reports');
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const warnings: string[] = [];
  const logger = {
    level: () => logger,
    warn: (...messages: readonly unknown[]) => {
      warnings.push(messages.join(' '));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
    error: (...messages: readonly unknown[]) => {
      warnings.push(messages.join(' '));
      return logger;
    },
  } as unknown as NonNullable<Parameters<typeof compile>[1]>['logger'];
  const { spec } = compile(read(join('charts', `${name}.vl.json`)) as TopLevelSpec, {
    config: read(join('page', 'chart-config.json')),
    ...(logger ? { logger } : {}),
  });
  const result = { spec: spec as unknown as VegaSpec, warnings };
  compiled.set(name, result);
  return result;
}

/** Every data set a chart's spec names is given, and every signal it is given exists. */
export function chartProblems(chart: Chart): string[] {
  const { spec, warnings } = compileSpec(chart.spec);
  const derived = (source: object) => 'source' in source || 'values' in source;
  const named = (spec.data ?? []).filter((source) => !derived(source)).map(({ name }) => name);
  const signals = ((spec.signals ?? []) as { name: string }[]).map(({ name }) => name);
  return [
    ...warnings,
    ...named
      .filter((name) => !(name in chart.data))
      .map((name) => `${chart.id}: no data "${name}"`),
    ...Object.keys(chart.data)
      .filter((name) => !named.includes(name))
      .map((name) => `${chart.id}: the spec does not use data "${name}"`),
    ...Object.keys(chart.signals)
      .filter((name) => !signals.includes(name))
      .map((name) => `${chart.id}: the spec has no signal "${name}"`),
  ];
}
