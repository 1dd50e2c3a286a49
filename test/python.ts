import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPython, pythonFolder } from '../scripts/python-folder.ts';

/**
 * Where a tool of scripts/python-tools.txt is; null: it is not there, and tests with it are skipped.
 * @throws Error instead where BENCH_PYTHON=required, as in CI
 */
export function pythonTool(name: 'moto_server' | 'cfn-lint' | 'python'): string | null {
  const python = findPython();
  if (typeof python !== 'string') {
    const path = join(pythonFolder(python), 'bin', name);
    if (existsSync(path)) return path;
  }
  if (process.env.BENCH_PYTHON !== 'required') return null;
  const why = typeof python === 'string' ? python : 'run node scripts/get-python-tools.ts';
  throw new Error(`${name} is not there: ${why}`);
}

export interface Moto {
  /** `http://localhost:port`: its CloudFormation takes templates from a host of this name only. */
  endpoint: string;
  port: number;
  /** The variables with which AWS's own clients talk to it. */
  env: Record<string, string>;
  /** Forgets all that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Variables with which AWS's clients talk to `endpoint`, with keys that mean nothing. */
export function awsVariables(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: endpoint,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
  };
}

/**
 * moto's server (moto-server of PyPI): a stand-in for AWS that was not written here. On 127.0.0.1, on
 * a port of its own; Lambda without Docker, so that functions can be made and not be invoked.
 */
export async function startMoto(): Promise<Moto> {
  const path = pythonTool('moto_server');
  if (path === null) throw new Error('moto is not there: run node scripts/get-python-tools.ts');
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn(path, ['-H', '127.0.0.1', '-p', '0'], {
    cwd: '/',
    env: {
      PATH,
      HOME,
      // Its log lines as they come.
      PYTHONUNBUFFERED: '1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const port = await announcedPort(child);
  const endpoint = `http://localhost:${port}`;
  // Functions can be made without Docker, and are not invoked.
  await fetch(`${endpoint}/moto-api/config`, {
    method: 'POST',
    body: '{"lambda":{"use_docker":false}}',
  });
  return {
    endpoint,
    port,
    env: awsVariables(endpoint),
    async reset() {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    async stop() {
      process.off('exit', kill);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      kill();
      await ended;
    },
  };
}

/** Resolves when it says where it listens. */
function announcedPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      const port = /Running on http:\/\/[\w.]+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`moto ended (${code}): ${said.trim()}`)));
  });
}
