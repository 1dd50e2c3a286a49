import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../src/base/package-root.ts';

/** What scripts/gate-ci.sh compares with, in a repository with an npm that only says what it was asked. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-gate-ci-'));
  for (const name of ['scripts', 'bin']) mkdirSync(join(folder, name));
  cpSync(join(packageRoot(), 'scripts/gate-ci.sh'), join(folder, 'scripts/gate-ci.sh'));
  writeFileSync(join(folder, 'bin/npm'), '#!/bin/sh\necho "npm $*"\n');
  chmodSync(join(folder, 'bin/npm'), 0o755);
  git('init', '--quiet', '--initial-branch', 'main');
  commit();
  return () => rmSync(folder, { recursive: true, force: true });
});

function git(...args: string[]): void {
  const own = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  execFileSync('git', [...own, ...args], { cwd: folder });
}

function commit(): void {
  git('commit', '--quiet', '--allow-empty', '--message', 'change');
}

function gated(...flags: string[]): string {
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const script = join(folder, 'scripts/gate-ci.sh');
  const ended = spawnSync('sh', [script, ...flags], { env, encoding: 'utf8' });
  expect(ended.status, ended.stderr).toBe(0);
  return ended.stdout;
}

test('without a commit before there is nothing to compare with, and it says so', () => {
  expect(gated()).toMatch(/^gate: there is no commit to compare with.*\n$/);
});

test('origin/main, unless that is what is checked out: then the commit before; flags go on', () => {
  commit();
  expect(gated('--max-pairs', '4')).toMatch(
    /^npm run -s bench -- gate --against HEAD\^ .* --max-pairs 4\n$/,
  );
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  expect(gated()).toContain('--against HEAD^ ');
  commit();
  expect(gated()).toContain('--against origin/main ');
});
