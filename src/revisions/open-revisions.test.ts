import { mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { packageRoot } from '../base/package-root.ts';
import { aGate, type TestGate } from './testing/a-gate.ts';
import { aRepository, openRepository, type TestRepository } from './testing/a-repository.ts';

const FIRST = 'exports.handler = () => "first";\n';
const SECOND = 'exports.handler = () => "second";\n';

let gate: TestGate;
let user: TestRepository;

beforeEach(() => {
  gate = aGate();
  const root = join(gate.folder, 'user');
  mkdirSync(root);
  user = aRepository(root, { 'handler.js': FIRST, '.gitignore': 'dist/\n' });
});
afterEach(() => gate.close());

/** A branch with one more commit. */
function change(): string {
  user.git('checkout', '--quiet', '-b', 'change');
  user.write('handler.js', SECOND);
  return user.commit('second');
}

test('a clean tree: both commits, and how far they are apart', async () => {
  const base = user.git('rev-parse', 'main');
  const head = change();
  const revisions = await gate.open(user.root);
  expect(revisions).toMatchObject({
    base: { label: 'main', commit: base, note: '1 commit behind HEAD' },
    head: { label: 'working tree', commit: head, note: null },
    notes: [],
  });
  expect(gate.checkouts()).toEqual([]);
});

test('a base that has gone on is said to have', async () => {
  change();
  user.git('checkout', '--quiet', 'main');
  user.write('other.js', '');
  user.commit('third');
  user.git('checkout', '--quiet', 'change');
  const { base } = await gate.open(user.root);
  expect(base.note).toBe('1 commit behind HEAD, with 1 commit that HEAD lacks');
});

test('a dirty tree is measured as it is, and that is noted', async () => {
  const head = change();
  user.write('handler.js', 'changed');
  user.write('new.js', '');
  user.write('dist/ignored.js', '');
  rmSync(join(user.root, '.gitignore'));
  user.write('.git/info/exclude', 'dist/\n');
  const revisions = await gate.open(user.root);
  expect(revisions.head.note).toBe(`measured as it is: 3 files differ from ${head.slice(0, 7)}`);
});

test('a dirty tree at the commit it is compared with: the base is the commit', async () => {
  user.write('handler.js', SECOND);
  const revisions = await gate.open(user.root, { against: 'HEAD' });
  expect(revisions.notes).toEqual([expect.stringContaining('differ in the changed files only')]);
  expect((await gate.bundle(revisions, user.root)).text).toContain('first');
});

test.each(['origin/mian', '--help', '', 'main:handler.js', 'a b'])(
  'an unknown revision is named: "%s"',
  async (against) => {
    const opened = gate.open(user.root, { against });
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow(`--against: "${against}" is no commit of`);
    await expect(opened).rejects.toThrow(/git fetch.*fetch-depth: 0/);
  },
);

test('no repository, and no git, are said', async () => {
  await expect(gate.open(gate.folder)).rejects.toThrow(/^--against: .* is in no git repository/);
  const env = { PATH: join(gate.folder, 'nothing') };
  await expect(gate.open(user.root, { env })).rejects.toThrow('--against needs git');
});

test('code outside the repository names its setting; a way through a link is inside', async () => {
  const path = join(gate.folder, 'elsewhere.js');
  const code = [{ path, named: 'handlers[0].file' }];
  const opened = gate.open(user.root, { code });
  await expect(opened).rejects.toThrow(UsageError);
  await expect(opened).rejects.toThrow(/^handlers\[0\]\.file: .*elsewhere\.js is outside/);
  symlinkSync(user.root, join(gate.folder, 'link'));
  const linked = [{ path: join(gate.folder, 'link', 'handler.js'), named: '--handler' }];
  await gate.open(user.root, { code: linked });
});

test('a revision of the user’s does not change the handlers of bench', async () => {
  const code = [{ path: packageRoot(), named: '--backend' }];
  await expect(gate.open(user.root, { code })).rejects.toThrow(
    /bench and its own handlers are no part of .*name a handler of yours with --handler/,
  );
});

test('a build product older than a changed source is noted', async () => {
  user.write('src/resolvers.ts', 'one');
  user.write('src/resolvers.test.ts', 'one');
  user.commit('sources');
  user.write('dist/graphql.js', FIRST);
  const code = [{ path: join(user.root, 'dist/graphql.js'), named: '--handler' }];
  const notes = async () => (await gate.open(user.root, { code, against: 'main~1' })).notes;
  user.write('src/resolvers.test.ts', 'two');
  user.write('notes.md', 'two');
  expect(await notes()).toEqual([]);
  user.write('src/resolvers.ts', 'two');
  const later = new Date(Date.now() + 5_000);
  utimesSync(join(user.root, 'src/resolvers.ts'), later, later);
  expect(await notes()).toEqual(['dist/graphql.js is older than src/resolvers.ts: was it built?']);
  const built = new Date(Date.now() + 9_000);
  utimesSync(join(user.root, 'dist/graphql.js'), built, built);
  expect(await notes()).toEqual([]);
});

test('submodules are noted', async () => {
  const part = join(gate.folder, 'part');
  mkdirSync(part);
  aRepository(part, { 'a.txt': 'a' });
  user.git('submodule', '--quiet', 'add', part, 'part');
  user.commit('with a submodule');
  change();
  const { notes } = await gate.open(user.root);
  expect(notes).toEqual([expect.stringMatching(/^main has submodules.*gate\.build/)]);
});

test('a shallow clone without the revision says so; with it, no distance is made up', async () => {
  change();
  const root = join(gate.folder, 'clone');
  user.git('clone', '--quiet', '--depth', '1', `file://${user.root}`, root);
  await expect(gate.open(root, { against: 'origin/main' })).rejects.toThrow(/is no commit of/);
  const clone = openRepository(root);
  clone.git('fetch', '--quiet', '--depth', '1', 'origin', 'main:refs/remotes/origin/main');
  const revisions = await gate.open(root, { against: 'origin/main' });
  expect(revisions.base.note).toBeNull();
  expect((await gate.bundle(revisions, root)).text).toContain('first');
});
