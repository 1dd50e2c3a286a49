import { join } from 'node:path';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { runTool } from './run-tool.ts';

/** The release that is got where there is none, and the oldest that will do. */
export const K6_VERSION = '2.2.0';

const VERSION_TIMEOUT_MS = 20_000;

/** `2.2.0` from what `k6 version` prints (`k6 v2.2.0 (go1.26, linux/amd64)`), or null. */
export function parseK6Version(output: string): string | null {
  return /^k6(?:\.exe)? v(\d+\.\d+\.\d+)\b/m.exec(output)?.[1] ?? null;
}

/** Whether a version is K6_VERSION or newer. */
export function isNewEnough(version: string): boolean {
  const [have, need] = [version, K6_VERSION].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (have?.[i] ?? 0) - (need?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Asks an executable for its version; `problem` says why it will not do. */
export async function askVersion(
  path: string,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<{ version: string; problem: null } | { problem: string }> {
  const answer = await runTool(supervisor, path, ['version'], {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', K6_NO_USAGE_REPORT: 'true' },
    timeoutMs: VERSION_TIMEOUT_MS,
    signal,
  });
  const version = parseK6Version(answer.output);
  if (answer.ended !== 0 || version === null) {
    const said = answer.output.trim().split('\n')[0]?.slice(0, 120) ?? '';
    return { problem: `\`${path} version\` does not answer as k6 does: ${said || answer.ended}` };
  }
  if (!isNewEnough(version)) {
    return { problem: `${path} is k6 v${version}, and v${K6_VERSION} or newer is needed` };
  }
  return { version, problem: null };
}

/** Where the k6 we got ourselves is kept. */
export function cachedK6(cacheFolder: string): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return join(cacheFolder, `k6-v${K6_VERSION}-${process.platform}-${arch}`, 'k6');
}
