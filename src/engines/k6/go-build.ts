import { join } from 'node:path';
import { packageRoot } from '../../base/package-root.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { executablesOnPath } from './on-path.ts';
import { runTool } from './run-tool.ts';
import { K6_VERSION } from './version.ts';

const BUILD_TIMEOUT_MS = 15 * 60_000;

/**
 * Builds k6 into `folder` from the module in build/, whose go.sum pins every byte. Needs Go and a way
 * to a module proxy (the user's GOPROXY). Returns the executable's path; throws an Error whose
 * message is the reason.
 */
export async function buildWithGo(job: {
  env: Record<string, string | undefined>;
  folder: string;
  supervisor: Supervisor;
  progress(text: string): void;
  signal: AbortSignal;
}): Promise<string> {
  const [go] = executablesOnPath('go', job.env);
  if (go === undefined) throw new Error('there is no go on PATH');
  job.progress(`building k6 v${K6_VERSION} with ${go} (once, about 90 s)`);
  const executable = join(job.folder, 'k6');
  // -mod=readonly: what is built is what go.sum names, or nothing.
  const args = ['build', '-mod=readonly', '-trimpath', '-buildvcs=false', '-o', executable];
  const built = await runTool(job.supervisor, go, [...args, 'go.k6.io/k6/v2'], {
    cwd: join(packageRoot(), 'src/engines/k6/build'),
    env: goEnvironment(job.env, job.folder),
    timeoutMs: BUILD_TIMEOUT_MS,
    signal: job.signal,
  });
  if (built.ended === 0) return executable;
  const reason = built.output.trim().split('\n').slice(-3).join('; ').slice(-600);
  throw new Error(`${go} build ended with ${built.ended}: ${reason || 'it said nothing'}`);
}

/** The user's own: proxies, certificates and settings of Go are theirs to choose. */
function goEnvironment(
  env: Record<string, string | undefined>,
  folder: string,
): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) own[name] = value;
  if (!own.HOME) {
    own.GOPATH ??= join(folder, 'gopath');
    own.GOCACHE ??= join(folder, 'gocache');
    // Modules are written read-only, and such a folder cannot be removed again.
    own.GOFLAGS = `${own.GOFLAGS ?? ''} -modcacherw`.trim();
  }
  // Go calls tools of its own, and so does what starts it.
  own.PATH = `${own.PATH ?? ''}:/usr/bin:/bin`;
  // As the official release; and a workspace around us is none of ours.
  return { ...own, CGO_ENABLED: '0', GOWORK: 'off' };
}
