import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../base/package-root.ts';

export const hasGo = spawnSync('go', ['version']).status === 0;

/**
 * Builds a program of fixtures/handlers, with the caches Go has for this user and the flags k6 is built
 * with: what that or another test has built, Go's standard library above all, is not built again.
 * @param fixture its folder within fixtures/handlers
 * @throws Error with what Go said
 */
export function buildGo(fixture: string, executable: string): void {
  mkdirSync(dirname(executable), { recursive: true });
  const build = spawnSync('go', ['build', '-trimpath', '-o', executable, '.'], {
    cwd: join(packageRoot(), 'fixtures/handlers', fixture),
    encoding: 'utf8',
    env: {
      ...process.env,
      GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '0',
    },
  });
  if (build.status !== 0) {
    throw new Error(`go build of ${fixture}: ${build.error?.message ?? build.stderr}`);
  }
}
