import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../base/package-root.ts';

let bundled: Promise<string> | undefined;

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
