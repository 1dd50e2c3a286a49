import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { compileSpec } from '../charts/specs.ts';
import { leaveOut, runtimeScript } from './runtime.ts';

/** Vega as the page has it. */
async function vegaOfPage(): Promise<typeof import('vega')> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { parse, transforms } from 'vega'`,
      resolveDir: packageRoot(),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
    plugins: [leaveOut],
  });
  const code = outputFiles[0]?.text ?? '';
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}

/** The `type` of every operator, those of nested dataflows included. */
function operatorTypes(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  if ('operators' in value) {
    for (const { type } of value.operators as { type: string }[]) found.add(type);
  }
  for (const one of Object.values(value)) operatorTypes(one, found);
  return found;
}

test('what is left out of Vega no chart needs', async () => {
  const { parse, transforms } = await vegaOfPage();
  const there = new Set(['operator', ...Object.keys(transforms)]);
  expect(there).not.toContain('geopath');
  for (const file of readdirSync(join(packageRoot(), 'reports/charts'))) {
    const { spec } = compileSpec(file.replace('.vl.json', ''));
    const types = operatorTypes(
      parse(spec as Parameters<typeof parse>[0], undefined, { ast: true }),
    );
    expect(types.size, file).toBeGreaterThan(10);
    expect(
      [...types].filter((type) => !there.has(type)),
      file,
    ).toEqual([]);
  }
});

test('the script is a third smaller than all of Vega', async () => {
  expect((await runtimeScript()).length).toBeLessThan(430_000);
});
