import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ToolError, UsageError } from '../../base/errors.ts';
import { createSupervisor } from '../../base/processes/supervisor.ts';
import { findK6 } from './find-k6.ts';
import type { ReleaseSource } from './release.ts';
import { runTool } from './run-tool.ts';
import { cachedK6, isNewEnough, K6_VERSION, parseK6Version } from './version.ts';

const supervisor = createSupervisor();
afterAll(() => supervisor.close());

let folder: string;
let cacheFolder: string;
let notes: string[];
let server: Server | undefined;
beforeEach(() => {
  folder = supervisor.ownFolder('find-k6');
  cacheFolder = join(folder, 'cache');
  notes = [];
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A fake executable that prints a version. */
function fake(name: string, prints: string, file = 'k6'): string {
  const path = join(folder, name, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${prints}'\n`);
  chmodSync(path, 0o755);
  return path;
}

function find(
  env: Record<string, string>,
  release: ReleaseSource | null = null,
  signal?: AbortSignal,
) {
  return findK6({
    supervisor,
    env,
    cacheFolder,
    progress: (text) => notes.push(text),
    signal: signal ?? new AbortController().signal,
    release,
  });
}

const GOOD = `k6 v${K6_VERSION} (go1.26, linux/amd64)`;

describe('what is there', () => {
  it('takes BENCH_K6 before PATH, from where the user is', async () => {
    const path = fake('mine', 'k6 v3.0.1 (commit/abc, go1.27, linux/arm64)');
    const onPath = fake('bin', GOOD);
    const env = { BENCH_K6: 'mine/k6', PWD: folder, PATH: dirname(onPath) };
    expect(await find(env)).toEqual({ path, version: '3.0.1', origin: 'BENCH_K6' });
  });

  it.each(['k6 v2.1.9 (go1.26, linux/amd64)', 'k6 v0.57.0', 'hello', ''])(
    'refuses a BENCH_K6 that says "%s"',
    async (prints) => {
      const error = await find({ BENCH_K6: fake('mine', prints) }).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).toMatch(/^BENCH_K6: .*\/mine\/k6/);
    },
  );

  it('refuses a BENCH_K6 that is not there', async () => {
    await expect(find({ BENCH_K6: '/nowhere/k6' })).rejects.toThrow(
      'BENCH_K6: /nowhere/k6 is not an executable file',
    );
  });

  it('passes over what will not do on PATH, with a note', async () => {
    const old = dirname(fake('old', 'k6 v1.3.0 (go1.24, linux/amd64)'));
    const other = dirname(fake('other', 'kaffe'));
    const good = fake('good', GOOD);
    const found = await find({ PATH: `${old}:.:${other}::${dirname(good)}` });
    expect(found).toEqual({ path: good, version: K6_VERSION, origin: 'PATH' });
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain('is k6 v1.3.0');
  });

  it('takes the cache', async () => {
    const path = cachedK6(cacheFolder);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho '${GOOD}'\n`, { mode: 0o755 });
    expect(await find({ PATH: '' })).toEqual({ path, version: K6_VERSION, origin: 'cache' });
  });
});

describe('the release', () => {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `k6-v${K6_VERSION}-linux-${arch}`;

  /** An archive as k6's releases are. */
  async function archive(prints: string): Promise<Buffer> {
    fake(`release/${name}`, prints);
    const tar = await runTool(supervisor, 'tar', ['-czf', 'k6.tar.gz', name], {
      cwd: join(folder, 'release'),
      env: { PATH: process.env.PATH ?? '' },
      timeoutMs: 10_000,
      signal: new AbortController().signal,
    });
    expect(tar.ended).toBe(0);
    return readFileSync(join(folder, 'release/k6.tar.gz'));
  }

  async function serve(listener: RequestListener, bytes: Buffer): Promise<ReleaseSource> {
    const listening = createServer(listener);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', () => resolve()));
    const { port } = listening.address() as AddressInfo;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { url: `http://127.0.0.1:${port}`, sha256: { [arch]: sha256 } };
  }

  it('is downloaded, checked and kept', async () => {
    const bytes = await archive(GOOD);
    let asked = '';
    const source = await serve((request, response) => {
      asked = request.url ?? '';
      response.end(bytes);
    }, bytes);
    const found = await find({ PATH: '' }, source);
    expect(found).toMatchObject({ path: cachedK6(cacheFolder), origin: 'release' });
    expect(asked).toBe(`/v${K6_VERSION}/${name}.tar.gz`);
    expect(readdirSync(dirname(found.path))).toEqual(['k6']);
    expect((await find({ PATH: '' })).origin).toBe('cache');
  });

  it.each<[string, (bytes: Buffer) => RequestListener, RegExp]>([
    [
      'other bytes',
      (bytes) => (_, response) => response.end(`${bytes.toString('hex')}`),
      /SHA-256/,
    ],
    ['nothing', () => (_, response) => response.writeHead(404).end(), /status 404/],
    [
      'half of it',
      (bytes) => (_, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      },
      /release: .*tar\.gz: /,
    ],
  ])('leaves nothing in the cache when the server sends %s', async (_, listener, reason) => {
    const bytes = await archive(GOOD);
    const source = await serve(listener(bytes), bytes);
    const error = await find({ PATH: '' }, source).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ToolError);
    expect(error.message).toMatch(reason);
    expect(existsSync(cacheFolder)).toBe(false);
  });

  it('is not kept when it is of another version', async () => {
    const bytes = await archive('k6 v2.0.0');
    const source = await serve((_, response) => response.end(bytes), bytes);
    await expect(find({ PATH: '' }, source)).rejects.toThrow(/k6 v2\.0\.0/);
    expect(existsSync(cacheFolder)).toBe(false);
  });

  it('is given up when the caller stops', async () => {
    const stop = new AbortController();
    const source = await serve(() => stop.abort(new Error('stopped')), Buffer.from(''));
    await expect(find({ PATH: '' }, source, stop.signal)).rejects.toThrow('stopped');
  });
});

it('builds with the go on PATH', async () => {
  // Copies a fake k6 to where -o says.
  const k6 = fake('built', GOOD);
  const go = join(folder, 'go-bin', 'go');
  mkdirSync(dirname(go), { recursive: true });
  writeFileSync(
    go,
    `#!/bin/sh
[ -f go.sum ] && [ "$GOPROXY" = https://proxy.example ] || exit 3
while [ $# -gt 0 ]; do case $1 in -o) out=$2;; esac; last=$1; shift; done
[ "$last" = go.k6.io/k6/v2 ] && /bin/cp '${k6}' "$out"
`,
    { mode: 0o755 },
  );
  const found = await find({ PATH: dirname(go), GOPROXY: 'https://proxy.example' });
  expect(found).toEqual({ path: cachedK6(cacheFolder), version: K6_VERSION, origin: 'go build' });
});

it('says all that was tried when all fails', async () => {
  const go = fake('go-bin', 'x', 'go');
  writeFileSync(go, '#!/bin/sh\necho "dial tcp: lookup proxy: no such host" >&2\nexit 1\n');
  const gone = { url: 'http://127.0.0.1:1', sha256: { amd64: 'x', arm64: 'x' } };
  const error = await find({ PATH: dirname(go) }, gone).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ToolError);
  expect(error.message).toMatch(
    /^k6 v2\.2\.0 or newer is needed[\s\S]*PATH: [\s\S]*cache: [\s\S]*release: [\s\S]*go build: [\s\S]*no such host[\s\S]*BENCH_K6/,
  );
});

it('reads versions', () => {
  expect(parseK6Version('k6 v2.2.0 (go1.26.8, linux/amd64)\nExtensions:\n  x v9.9.9')).toBe(
    '2.2.0',
  );
  expect(parseK6Version('WARN something\nk6 v2.3.0-rc1 (x)')).toBe('2.3.0');
  expect(parseK6Version('not k6 v2.2.0')).toBeNull();
  expect(['2.2.0', '2.10.0', '3.0.0', '2.1.9', '1.9.9'].map(isNewEnough)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
