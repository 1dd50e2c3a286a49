import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A git repository of a test, in an empty folder. */
export interface TestRepository {
  root: string;
  git(...args: string[]): string;
  /** Below the root; folders are made. */
  write(path: string, text: string): void;
  /** Everything that is not ignored. The commit's id. */
  commit(message: string): string;
}

/** The machine's own settings of git play no part. */
export const TEST_ENVIRONMENT: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
};

const USER = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];

export function openRepository(root: string): TestRepository {
  const git = (...args: string[]) =>
    execFileSync('git', [...USER, '-c', 'protocol.file.allow=always', ...args], {
      cwd: root,
      env: TEST_ENVIRONMENT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  return {
    root,
    git,
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '-m', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

/** With a branch `main` of one commit that has `files`, by path. */
export function aRepository(root: string, files: Record<string, string>): TestRepository {
  const repository = openRepository(root);
  repository.git('init', '--quiet', '--template=', '-b', 'main');
  for (const [path, text] of Object.entries(files)) repository.write(path, text);
  repository.commit('first');
  return repository;
}

/** Every file, folder and link below a folder, with its mode and what is in it. */
export function contentOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(names.toSorted().map((name) => [name, describe(join(folder, name))]));
}

function describe(path: string): string {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (stats.isDirectory()) return 'folder';
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  return `${stats.mode.toString(8)} ${digest}`;
}
