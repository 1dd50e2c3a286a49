import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the fixture burns by the clock when it is loaded, by package. */
export interface Burnt {
  package: string;
  ms: number;
  /** A module in the bundle's one top level, or CommonJS, which has a function of its own. */
  type: 'module' | 'commonjs';
}

/** A handler of known load time: writes packages, the handler and an operation. */
export function writeBurningHandler(
  folder: string,
  burnt: readonly Burnt[],
  ownMs: number,
): { handler: string; operations: string } {
  for (const { package: name, ms, type } of burnt) {
    const at = join(folder, 'node_modules', name);
    mkdirSync(at, { recursive: true });
    const manifest = { name, version: '1.0.0', type, main: 'index.js' };
    writeFileSync(join(at, 'package.json'), JSON.stringify(manifest));
    const exported = type === 'module' ? 'export const turns = n;' : 'exports.turns = n;';
    writeFileSync(join(at, 'index.js'), `${burn(ms)}\n${exported}\n`);
  }
  const imports = burnt.map(({ package: name }, i) => `import { turns as t${i} } from '${name}';`);
  const sum = ['n', ...burnt.map((_, i) => `t${i}`)].join(' + ');
  const handler = join(folder, 'handler.mjs');
  writeFileSync(
    handler,
    `${imports.join('\n')}
${burn(ownMs)}
function busy(ms) { const until = performance.now() + ms; while (performance.now() < until); }
export const handler = async () => {
  busy(2);
  const body = JSON.stringify({ data: { loaded: ${sum} > 0 } });
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
};
`,
  );
  const operations = join(folder, 'operations');
  mkdirSync(operations);
  writeFileSync(join(operations, 'Loaded.graphql'), 'query Loaded { loaded }\n');
  return { handler, operations };
}

const burn = (ms: number) =>
  `const until = performance.now() + ${ms};\nlet n = 0;\nwhile (performance.now() < until) n += 1;`;
