import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { aGate, type TestGate } from './testing/a-gate.ts';
import {
  aRepository,
  contentOf,
  openRepository,
  type TestRepository,
} from './testing/a-repository.ts';

const FIRST = 'exports.handler = () => "first";\n';
const SECOND = 'exports.handler = () => "second";\n';

let gate: TestGate;
let user: TestRepository;

beforeEach(() => {
  gate = aGate();
  const root = join(gate.folder, 'user');
  mkdirSync(root);
  user = aRepository(root, { 'handler.js': FIRST, '.gitignore': 'dist/\n' });
  user.git('checkout', '--quiet', '-b', 'change');
  user.write('handler.js', SECOND);
  user.commit('second');
});
afterEach(() => gate.close());

test('the base is the code of the commit; the tree and the repository stay as they are', async () => {
  user.write('handler.js', 'changed');
  user.git('stash', '--quiet');
  user.write('handler.js', 'changed again');
  // git would refresh the index of a file that was touched.
  utimesSync(join(user.root, '.gitignore'), 1, 1);
  const before = contentOf(user.root);
  const revisions = await gate.open(user.root);
  const { text, facts } = await gate.bundle(revisions, user.root);
  expect(text).toContain('first');
  expect(facts.revision).toBe('base');
  expect(gate.checkouts()).toHaveLength(1);
  await revisions.code.close?.();
  expect(gate.checkouts()).toEqual([]);
  expect(contentOf(user.root)).toEqual(before);
});

test('a linked worktree and its repository stay as they are, too', async () => {
  const root = join(gate.folder, 'linked');
  user.git('worktree', 'add', '--quiet', root, '-b', 'linked');
  const before = [contentOf(user.root), contentOf(root)];
  const revisions = await gate.open(root, { build: 'git config core.hooksPath .husky' });
  expect((await gate.bundle(revisions, root)).text).toContain('first');
  await revisions.code.close?.();
  expect([contentOf(user.root), contentOf(root)]).toEqual(before);
});

test('variables of a hook do not lead git, or a build, to the user’s repository', async () => {
  const env = {
    ...process.env,
    GIT_DIR: join(user.root, '.git'),
    GIT_WORK_TREE: user.root,
    GIT_INDEX_FILE: join(user.root, '.git', 'index'),
    INIT_CWD: user.root,
  };
  const before = contentOf(user.root);
  const build =
    'git rm --quiet --cached handler.js && git config a.b c && cd "$INIT_CWD" && touch here';
  const revisions = await gate.open(user.root, { env, build });
  expect((await gate.bundle(revisions, user.root)).text).toContain('first');
  expect(contentOf(user.root)).toEqual(before);
});

test('what npm runs after an install configures the checkout, not the user’s repository', async () => {
  const about = { name: 'it', version: '1.0.0' };
  const scripts = { prepare: 'git config core.hooksPath .husky && touch prepared.js' };
  user.write('package.json', JSON.stringify({ ...about, scripts }));
  const lock = { ...about, lockfileVersion: 3, packages: { '': about } };
  user.write('package-lock.json', JSON.stringify(lock));
  user.write('handler.js', 'require("./prepared.js"); exports.handler = () => "installed";');
  user.commit('with a package');
  const before = contentOf(user.root);
  const env = { ...process.env, npm_config_cache: join(gate.folder, 'npm') };
  const build = 'npm ci --offline --no-audit --no-fund';
  const revisions = await gate.open(user.root, { against: 'HEAD', env, build });
  expect((await gate.bundle(revisions, user.root)).text).toContain('installed');
  expect(contentOf(user.root)).toEqual(before);
});

test('the build runs where bench runs, and git in it knows the commit and its tags', async () => {
  user.git('tag', '-a', 'v1.2.3', '-m', 'v1.2.3', 'main');
  user.git('checkout', '--quiet', 'main');
  user.write('packages/api/source.txt', 'api');
  const commit = user.commit('api');
  const build = `printf 'exports.handler = () => "%s %s %s";' "$(git rev-parse HEAD)" "$(git describe)" "$(cat source.txt)" > handler.js`;
  const cwd = join(user.root, 'packages/api');
  const revisions = await gate.open(cwd, { build });
  const { text } = await gate.bundle(revisions, user.root, 'packages/api/handler.js');
  expect(text).toMatch(new RegExp(`"${commit} v1\\.2\\.3-1-g\\w+ api"`));
  expect(gate.steps).toContain(`building main (${commit.slice(0, 7)}): ${build.slice(0, 59)}…`);
});

test('a build that fails: exit status and last lines, and nothing is left', async () => {
  const build =
    'echo first-line; seq 1 30; printf "0%%\\r100%%\\n\\033[31mno such module\\033[0m\\n" >&2; exit 3';
  const revisions = await gate.open(user.root, { build });
  const bundled = gate.bundle(revisions, user.root);
  await expect(bundled).rejects.toThrow(UsageError);
  await expect(bundled).rejects.toThrow(
    /^gate\.build or --build: the build of main \(\w{7}\) failed \(exit status 3\): [^\n]*\n {2}13\n[\s\S]* {2}30\n {2}100%\n {2}no such module$/,
  );
  await gate.supervisor.close();
  expect(gate.checkouts()).toEqual([]);
  expect(existsSync(join(gate.cacheFolder, 'gate-bases'))).toBe(false);
});

test('without a build command, an import that is not there leads to gate.build', async () => {
  user.write('handler.js', 'exports.handler = require("lacking-package");');
  user.commit('with a dependency');
  const revisions = await gate.open(user.root, { against: 'HEAD' });
  await expect(gate.bundle(revisions, user.root)).rejects.toThrow(
    /^the code of HEAD \(\w{7}\): --handler: handler\.js cannot be bundled:[\s\S]*"lacking-package"[\s\S]*gate\.build/,
  );
  await expect(gate.bundle(revisions, user.root, 'dist/graphql.js')).rejects.toThrow(
    /there is no file dist\/graphql\.js\nno build command is set/,
  );
});

test('what is in the cache is neither checked out nor built again', async () => {
  const built = join(gate.folder, 'built');
  const build = `echo x >> ${built}`;
  const first = await gate.bundle(await gate.open(user.root, { build }), user.root);
  gate.steps.length = 0;
  const again = await gate.open(user.root, { build });
  const second = await gate.bundle(again, user.root);
  expect(second.folder).not.toBe(first.folder);
  expect({ ...second, folder: '' }).toEqual({ ...first, folder: '' });
  expect(second.facts.revision).toBe('base');
  expect(readFileSync(built, 'utf8')).toBe('x\n');
  expect(gate.steps).toEqual([expect.stringMatching(/^handler-own-base: .* is in the cache$/)]);
  // Another command may make another artifact.
  await gate.bundle(await gate.open(user.root, { build: `${build}; true` }), user.root);
  expect(readFileSync(built, 'utf8')).toBe('x\nx\n');
});

test('two bundles share one checkout and one build', async () => {
  const built = join(gate.folder, 'built');
  const revisions = await gate.open(user.root, { build: `echo x >> ${built}` });
  // Of the same key, but neither is in the cache when it is asked for.
  await Promise.all([gate.bundle(revisions, user.root), gate.bundle(revisions, user.root)]);
  expect(readFileSync(built, 'utf8')).toBe('x\n');
  expect(gate.checkouts()).toHaveLength(1);
});

test('a damaged entry is made anew; only the newest twenty are kept', async () => {
  const bases = join(gate.cacheFolder, 'gate-bases');
  await gate.bundle(await gate.open(user.root), user.root);
  const [entry = ''] = readdirSync(bases);
  writeFileSync(join(bases, entry, 'code', 'index.cjs'), 'damaged');
  expect((await gate.bundle(await gate.open(user.root), user.root)).text).toContain('first');
  writeFileSync(join(bases, entry, 'entry.json'), '{}');
  for (let age = 1; age <= 25; age += 1) {
    const old = join(bases, `old-${age}`);
    mkdirSync(old);
    utimesSync(old, Date.now() / 1000 - 60 * age, Date.now() / 1000 - 60 * age);
  }
  expect((await gate.bundle(await gate.open(user.root), user.root)).text).toContain('first');
  const left = readdirSync(bases);
  expect(left).toHaveLength(20);
  expect(left).toContain(entry);
  expect(left).toContain('old-19');
});

test('a cache that cannot be written is told, and the gate goes on', async () => {
  writeFileSync(gate.cacheFolder, 'a file');
  const { text } = await gate.bundle(await gate.open(user.root), user.root);
  expect(text).toContain('first');
  expect(gate.steps.at(-1)).toMatch(/is not kept for the next gate: .*a file stands/);
});

test('a partial clone’s missing objects are fetched into the checkout', async () => {
  user.git('config', 'uploadpack.allowFilter', 'true');
  user.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const root = join(gate.folder, 'clone');
  user.git('clone', '--quiet', '--filter=blob:none', `file://${user.root}`, root);
  const before = contentOf(root);
  const revisions = await gate.open(root, { against: 'origin/main' });
  expect((await gate.bundle(revisions, root)).text).toContain('first');
  expect(contentOf(root)).toEqual(before);
  expect(basename(root)).toBe('clone');
  openRepository(root).git('fsck', '--connectivity-only');
});
