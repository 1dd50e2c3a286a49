import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isExpected, messageOf, UsageError } from '../base/errors.ts';
import type { Supervisor } from '../base/processes/supervisor.ts';
import { bundleKey } from '../model/endpoint.ts';
import type { BaseCode, HandlerArtifact } from '../model/ports.ts';
import { createArtifactCache } from './artifact-cache.ts';
import { runBuild } from './build.ts';
import { bundlerDigest } from './bundler-digest.ts';
import { type CheckedOut, checkOut } from './checkout.ts';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';

interface Job {
  git: Git;
  repository: Repository;
  commit: string;
  /** For messages: `origin/main (3f2c1a9)`. */
  named: string;
  build: string | null;
  /** What decides the artifacts besides: the files in question, by their ways from the root. */
  code: readonly string[];
  cacheFolder: string;
  env: NodeJS.ProcessEnv;
  supervisor: Supervisor;
  signal: AbortSignal;
  step(text: string): void;
}

/** The code of a commit: checked out and built when a bundle is asked for that is not in the cache. */
export function createBaseCode(job: Job): BaseCode {
  const { named, signal, step, repository } = job;
  const cache = createArtifactCache(job.cacheFolder);
  let checkout: Promise<CheckedOut> | undefined;

  async function prepare(): Promise<CheckedOut> {
    step(`checking out ${named}`);
    const made = await checkOut(job);
    if (job.build !== null) await buildIn(made, job.build);
    return made;
  }

  async function buildIn({ root, folder: logFolder }: CheckedOut, command: string): Promise<void> {
    const folder = join(root, repository.folder);
    if (!existsSync(folder)) {
      throw new UsageError(`gate.build: ${named} has no folder ${repository.folder} to build in`);
    }
    step(`building ${named}: ${oneLine(command)}`);
    await runBuild({ ...job, command, folder, logFolder });
  }

  return {
    async bundle(backend, endpoint, folder) {
      const key = {
        commit: job.commit,
        build: job.build,
        folder: repository.folder,
        code: job.code,
        handler: bundleKey(endpoint),
        runtime: endpoint.runtime,
        bundler: bundlerDigest(),
        node: process.version,
        machine: `${process.platform}-${process.arch}`,
      };
      const known = await cache.take(key, folder);
      if (known !== null) {
        step(`${key.handler}: the code of ${named} is in the cache`);
        return ofBase(known);
      }
      checkout ??= prepare();
      const { root } = await checkout;
      signal.throwIfAborted();
      const artifact = await backend
        .bundle(endpoint, folder, { from: repository.root, to: root })
        .catch((error: unknown) => {
          throw explained(error, root, job);
        });
      const notKept = await cache.keep(key, artifact);
      if (notKept !== null) step(`the code of ${named} is not kept for the next gate: ${notKept}`);
      return ofBase(artifact);
    },
    async close() {
      const made = await checkout?.catch(() => undefined);
      checkout = undefined;
      await made?.remove();
    },
  };
}

/** A backend may leave its facts without the revision. */
function ofBase(artifact: HandlerArtifact): HandlerArtifact {
  return { ...artifact, facts: { ...artifact.facts, revision: 'base' } };
}

/** Names the revision, and files as they are called in it. What is no expected error stays. */
function explained(error: unknown, root: string, { named, build, repository }: Job): unknown {
  if (!isExpected(error) || error.name === 'InterruptedError') return error;
  const message = messageOf(error).replaceAll(`${root}/`, '');
  const lacking = /Could not resolve "|there is no file/.test(message);
  const place = repository.folder === '' ? 'its root' : repository.folder;
  const advice =
    build === null
      ? '\nno build command is set, so it was bundled as it is checked out, with nothing installed or generated: name the command that does that, in gate.build of bench.config or with --build ("npm ci")'
      : `\ngate.build was run in ${place} before: ${build}`;
  return new UsageError(`the code of ${named}: ${message}${lacking ? advice : ''}`);
}

/** For the live line. */
function oneLine(command: string): string {
  const line = command.trim().replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
