import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeFailure } from './errors.ts';
import { isStreaming, provideGlobals } from './streaming.ts';

export type Handler = (event: unknown, context: Context, callback?: Callback) => unknown;
export type Callback = (error: unknown, result?: unknown) => void;

export interface Context {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  clientContext?: unknown;
  identity: undefined;
  getRemainingTimeInMillis(): number;
}

const { env } = process;
/** From Node 24 on, Lambda refuses handlers that take a callback. */
const CALLBACKS_GONE = Number(env.AWS_EXECUTION_ENV?.match(/nodejs(\d+)/)?.[1] ?? 0) >= 24;

/** @throws RuntimeFailure, or what the handler's own file threw */
export async function loadHandler(): Promise<Handler> {
  const root = env.LAMBDA_TASK_ROOT ?? process.cwd();
  const name = env._HANDLER ?? '';
  const match = /^(.*\/)?([^/]+?)\.([^./]+(?:\.[^./]+)*)$/.exec(name);
  const file = env._BENCH_HANDLER_FILE ?? `${match?.[1] ?? ''}${match?.[2] ?? name}`;
  const exportName = env._BENCH_HANDLER_EXPORT ?? match?.[3] ?? '';
  delete env._BENCH_HANDLER_FILE;
  delete env._BENCH_HANDLER_EXPORT;
  const path = resolveFile(join(root, file));
  if (path === null) {
    throw new RuntimeFailure('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  }
  provideGlobals();
  const loaded = await importFile(path);
  let found: unknown = loaded;
  for (const part of exportName.split('.')) {
    found = (found as Record<string, unknown> | null | undefined)?.[part];
  }
  if (found === undefined) {
    throw new RuntimeFailure(
      'Runtime.HandlerNotFound',
      `${file}.${exportName} is undefined or not exported`,
    );
  }
  if (typeof found !== 'function') {
    throw new RuntimeFailure('Runtime.HandlerNotFound', `${file}.${exportName} is not a function`);
  }
  const handler = found as Handler;
  if (CALLBACKS_GONE && handler.length >= 3 && !isStreaming(handler)) {
    throw new RuntimeFailure(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24: use an async handler',
    );
  }
  return handler;
}

function resolveFile(path: string): string | null {
  const candidates = /\.[cm]?js$/.test(path)
    ? [path]
    : ['.js', '.mjs', '.cjs'].map((e) => path + e);
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

async function importFile(path: string): Promise<Record<string, unknown>> {
  try {
    if (isModule(path)) return await import(pathToFileURL(path).href);
    return createRequire(path)(path);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeFailure('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    }
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeFailure('Runtime.ImportModuleError', `Error: ${(error as Error).message}`);
    }
    throw error;
  }
}

/** `.js` is what the nearest package.json says, CommonJS without one. */
function isModule(path: string): boolean {
  if (!path.endsWith('.js')) return path.endsWith('.mjs');
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch {
      if (folder === dirname(folder)) return false;
    }
  }
}
