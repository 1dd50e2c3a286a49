import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markedCode } from './marked-code.ts';
import { familyOf, OWN_CODE, packageOf, shownSource } from './package-name.ts';

/** Bundles sources by their paths, minified, as it is deployed. */
async function bundled(sources: Record<string, string>, format: 'cjs' | 'esm') {
  const { outputFiles } = await build({
    stdin: { contents: sources['main.js'] ?? '', sourcefile: 'main.js', resolveDir: '/' },
    outfile: '/out.js',
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    format,
    sourcemap: 'external',
    plugins: [
      {
        name: 'sources',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\w+$/ }, ({ path }) => ({
            path: `/node_modules/${path}/index.js`,
            namespace: 'file',
          }));
          onLoad({ filter: /node_modules/ }, ({ path }) => {
            const name = /node_modules\/(\w+)/.exec(path)?.[1] ?? '';
            return { contents: sources[name] ?? '', loader: 'js' };
          });
        },
      },
    ],
  });
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { code: text('.js'), map: text('.map') };
}

function marksOf(code: string): number[] {
  const marks: number[] = [];
  new Function('module', 'exports', 'require', '__benchMark', code)({}, {}, require, (id: number) =>
    marks.push(id),
  );
  return marks;
}
const require = () => ({});

test.each(['cjs', 'esm'] as const)(
  'goes past a mark where the top level of another package begins, also of a minified bundle: %s',
  async (format) => {
    const { code, map } = await bundled(
      {
        'main.js': "import { a } from 'a'; import { b } from 'b'; globalThis.shown = [a, b];",
        a: 'globalThis.x = 1; export const a = `\n(x)\nvar y;\n`;',
        b: 'if (globalThis.x) { globalThis.x += 1 } else globalThis.x = 2; export const b = [\n1,\n2];',
      },
      format,
    );
    const marked = await markedCode(code, map);
    const owners = marksOf(marked.code).map((id) => marked.sourceOf(id));
    expect(owners.map((source) => source && packageOf(source))).toEqual(['a', 'b', OWN_CODE, null]);
    // What stands within a template is no statement.
    expect(marked.code).toContain('`\n(x)\nvar y;\n');
  },
);

test('a function is found by where its parameters begin, behind marks and a wrapper', async () => {
  const { code, map } = await bundled(
    {
      'main.js': "import { a } from 'a'; import b from 'b'; globalThis.shown = [a(), b()];",
      a: 'export function a(first, second) { return first }',
      b: 'module.exports = (other) => other;',
    },
    'cjs',
  );
  const marked = await markedCode(code, map);
  const lines = marked.code.split('\n');
  // The wrapper of CommonJS is the bundler's; V8 has its function at the parameters.
  const wrapper = lines.findIndex((line) => /\(\(?\w+, \w+\) => \{$/.test(line));
  const column = (lines[wrapper] ?? '').lastIndexOf('(');
  expect(marked.sourceAt(wrapper, column)?.source).toMatch(/node_modules\/b\/index\.js$/);
  const plain = lines.findIndex((line) => /^function \w+\(\w+, \w+\)/.test(line));
  const at = marked.sourceAt(plain, (lines[plain] ?? '').indexOf('('));
  expect(at?.source).toMatch(/node_modules\/a\/index\.js$/);
});

test('without a map the copy only says where it ends', async () => {
  const marked = await markedCode('var a = 1;\nvar b = 2;', null);
  expect(marksOf(marked.code)).toEqual([marked.endMark]);
  expect(marked.sourceAt(0, 4)).toBeNull();
});

test.each([
  ['../../node_modules/graphql/index.mjs', 'graphql', 'graphql'],
  ['node_modules/@aws-sdk/core/dist/a.js', '@aws-sdk/core', 'aws-sdk'],
  ['node_modules/@aws-sdk/core/node_modules/@smithy/core/a.js', '@smithy/core', 'aws-sdk'],
  [
    'node_modules/.pnpm/@apollo+server@5.0.0/node_modules/@apollo/server/a.js',
    '@apollo/server',
    'apollo',
  ],
  ['.yarn/cache/knex-npm-3.1.0-f1.zip/node_modules/knex/lib/a.js', 'knex', 'knex'],
  ['node_modules/@mine/part/a.js', '@mine/part', 'mine'],
  ['src/handler.ts', OWN_CODE, OWN_CODE],
])('%s is of %s, which counts as %s', (source, name, family) => {
  expect(packageOf(source)).toBe(name);
  expect(familyOf(packageOf(source))).toBe(family);
});

test('a shown source has no path of the machine', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 3 }), (parts) => {
      const shown = shownSource(`/${parts.join('/')}.ts`);
      expect(shown).toBe(`${parts.slice(-2).join('/')}.ts`);
    }),
  );
  expect(shownSource('/home/me/node_modules/a/b.js')).toBe('node_modules/a/b.js');
  expect(shownSource('../../../home/me/api/src/c.ts')).toBe('src/c.ts');
});
