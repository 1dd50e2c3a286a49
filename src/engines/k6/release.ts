import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import { runTool } from './run-tool.ts';
import { K6_VERSION } from './version.ts';

/** Where k6's releases are; the archive's name follows. */
export const RELEASES = 'https://github.com/grafana/k6/releases/download';

/**
 * SHA-256 of the archives of v2.2.0, as in its k6-v2.2.0-checksums.txt. There was no way to that
 * file when they were written down: they are what several projects that pin this release agree on.
 */
export const RELEASE_SHA256: Readonly<Record<string, string>> = {
  amd64: 'b5a8003c86f35f5cd5ceef1490312c48e587696c94d998cefc6d7b3b4cb1597d',
  arm64: '4ecd64cadcc792402d16293836115480419c4447c032858f564852d98f1bf54c',
};

/** An offline machine is to learn it soon; a slow line is to have its time. */
const ANSWER_TIMEOUT_MS = 6_000;
const DOWNLOAD_TIMEOUT_MS = 300_000;

export interface ReleaseSource {
  /** Up to and without `/v2.2.0/k6-v2.2.0-linux-amd64.tar.gz`. */
  url: string;
  /** By k6's name of the architecture. */
  sha256: Readonly<Record<string, string>>;
}

/**
 * Downloads the release into `folder`, checks it and unpacks it. Returns the executable's path.
 * Throws an Error whose message is the reason.
 */
export async function downloadRelease(job: {
  source: ReleaseSource;
  folder: string;
  supervisor: Supervisor;
  progress(text: string): void;
  signal: AbortSignal;
}): Promise<string> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const expected = job.source.sha256[arch];
  if (process.platform !== 'linux' || expected === undefined) {
    throw new Error(`no pinned release for ${process.platform}/${arch}`);
  }
  const name = `k6-v${K6_VERSION}-linux-${arch}`;
  const url = `${job.source.url}/v${K6_VERSION}/${name}.tar.gz`;
  job.progress(`downloading ${url}`);
  const archive = join(job.folder, `${name}.tar.gz`);
  const bytes = await download(url, job.signal);
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== expected) throw new Error(`${url} has SHA-256 ${got}, expected ${expected}`);
  writeFileSync(archive, bytes);
  const unpacked = await runTool(job.supervisor, 'tar', ['-xzf', archive, `${name}/k6`], {
    cwd: job.folder,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    timeoutMs: 60_000,
    signal: job.signal,
  });
  if (unpacked.ended !== 0) throw new Error(`cannot unpack ${url}: ${unpacked.output.trim()}`);
  return join(job.folder, name, 'k6');
}

async function download(url: string, signal: AbortSignal): Promise<Buffer> {
  const late = new AbortController();
  const answerTimer = setTimeout(
    () => late.abort(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)),
    ANSWER_TIMEOUT_MS,
  );
  const wholeTimer = setTimeout(
    () => late.abort(new Error(`not done within ${DOWNLOAD_TIMEOUT_MS / 1000} s`)),
    DOWNLOAD_TIMEOUT_MS,
  );
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late.signal]) });
    clearTimeout(answerTimer);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause ? `: ${messageOf(error.cause)}` : '';
    throw new Error(`${url}: ${messageOf(error)}${cause}`);
  } finally {
    clearTimeout(answerTimer);
    clearTimeout(wholeTimer);
  }
}
