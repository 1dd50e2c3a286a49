import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { packageRoot } from '../../base/package-root.ts';

let bundled: Promise<string> | undefined;

/**
 * What Vega brings for charts that no report has: maps, forces, trees, word clouds, Voronoi, crossfilter,
 * label placement, regression, colour schemes, data files. A third of it; a test holds every spec
 * against it.
 */
const LEFT_OUT = [
  ...['vega-geo', 'vega-projection', 'd3-geo', 'd3-geo-projection', 'topojson-client'],
  ...['vega-force', 'd3-force', 'd3-quadtree', 'vega-hierarchy', 'd3-hierarchy'],
  ...['vega-wordcloud', 'vega-voronoi', 'd3-delaunay', 'vega-crossfilter', 'vega-label'],
  ...['vega-regression', 'd3-dsv'],
];

/** An empty CommonJS module in place of each: what is imported from it is undefined. */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${LEFT_OUT.join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'left-out',
      sideEffects: false,
    }));
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * The page's script with Vega in it, minified, made once a process. No `</script` can end the element
 * early: esbuild escapes it.
 */
export function runtimeScript(): Promise<string> {
  bundled ??= build({
    entryPoints: [join(packageRoot(), 'reports', 'page', 'main.ts')],
    absWorkingDir: packageRoot(),
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    tsconfigRaw: '{}',
    charset: 'ascii',
    logLevel: 'silent',
    plugins: [leaveOut],
  }).then((result) => result.outputFiles[0]?.text ?? '');
  return bundled;
}

export function readPageFile(name: string): string {
  return readFileSync(join(packageRoot(), 'reports', 'page', name), 'utf8');
}

/** The parts of the page's style in the order in which they apply. */
const STYLES = [
  'colours',
  'page',
  'answer',
  'legends',
  'figures',
  'tails',
  'evidence',
  'validity',
  'memory',
  'gate',
  'media',
];

export function pageStyle(): string {
  return STYLES.map((name) => readPageFile(join('style', `${name}.css`))).join('\n');
}

/** `'sha256-…'` of an inline element's text, as a Content-Security-Policy names it. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
