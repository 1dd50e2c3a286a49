import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { messageOf, UsageError } from '../../base/errors.ts';
import { movedPath } from '../../base/moved-path.ts';
import { createSupervisor, type Supervisor } from '../../base/processes/supervisor.ts';
import { type Endpoint, serverOf } from '../../model/endpoint.ts';
import type { Backend, HandlerArtifact } from '../../model/ports.ts';
import { anEndpoint } from '../../model/testing/an-endpoint.ts';
import { openRevisions, type Revisions } from '../open-revisions.ts';
import { TEST_ENVIRONMENT } from './a-repository.ts';

type Job = Parameters<typeof openRevisions>[0];

/** What a gate makes of a repository, in folders of its own. */
export interface TestGate {
  /** Of everything below, and of the temporary folders of the supervisor. */
  folder: string;
  cacheFolder: string;
  supervisor: Supervisor;
  /** What it said it does. */
  steps: string[];
  open(root: string, job?: Partial<Job>): Promise<Revisions>;
  /** The base's artifact of `handler.js` below `root`, and what is in its file. */
  bundle(
    revisions: Revisions,
    root: string,
    handler?: string,
  ): Promise<HandlerArtifact & { text: string }>;
  /** Temporary folders that are there. */
  checkouts(): string[];
  close(): Promise<void>;
}

/** Temporary folders are made below `folder` from now on, until it is closed. */
export function aGate(): TestGate {
  const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  const supervisor = createSupervisor();
  const steps: string[] = [];
  const cacheFolder = join(folder, 'cache');
  return {
    folder,
    cacheFolder,
    supervisor,
    steps,
    open: (root, job = {}) =>
      openRevisions({
        against: 'main',
        cwd: root,
        build: null,
        code: [{ path: join(root, 'handler.js'), named: '--handler' }],
        cacheFolder,
        env: TEST_ENVIRONMENT,
        supervisor,
        signal: new AbortController().signal,
        step: (text) => steps.push(text),
        ...job,
      }),
    async bundle(revisions, root, handler = 'handler.js') {
      const into = mkdtempSync(join(folder, 'into-'));
      const endpoint = anEndpoint({ backend: 'own', server: 'handler', revision: 'base' });
      const backend = bundler(join(root, handler));
      const artifact = await revisions.code.bundle(backend, endpoint, into);
      const text = await readFile(join(artifact.folder, artifact.file), 'utf8');
      return { ...artifact, text };
    },
    checkouts: () => readdirSync(folder).filter((name) => name.startsWith('bench-base-')),
    async close() {
      await supervisor.close();
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As the backend of the user's own handlers does it. */
function bundler(path: string): Backend {
  const bundle: Backend['bundle'] = async (endpoint, folder, checkout) => {
    const file = checkout === undefined ? path : (movedPath(path, checkout) ?? path);
    if (!existsSync(file)) throw new UsageError(`--handler: there is no file ${file}`);
    const outfile = join(folder, 'index.cjs');
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
    }).catch((error: unknown) => {
      throw new UsageError(`--handler: ${file} cannot be bundled: ${messageOf(error)}`);
    });
    return {
      folder,
      file: 'index.cjs',
      exportName: 'handler',
      facts: await factsOf(endpoint, outfile),
    };
  };
  return { bundle } as Backend;
}

async function factsOf(endpoint: Endpoint, path: string): Promise<HandlerArtifact['facts']> {
  const bytes = await readFile(path);
  const { backend, dataLayer, batching } = endpoint;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const known = { revision: null, gzipBytes: null, load: null, init: null };
  const server = serverOf(endpoint);
  return { backend, dataLayer, server, batching, ...known, bytes: bytes.length, sha256 };
}
