import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { ToolError, UsageError } from '../../../base/errors.ts';
import type { Supervisor } from '../../../base/processes/supervisor.ts';
import type { AwsAccess } from '../../../model/ports.ts';
import { type Job, type Message, messageSchema } from './cdk/messages.ts';

/** Beside this file, as TypeScript in the clone and as JavaScript in the package. */
const CHILD = join(import.meta.dirname, 'cdk', `child${extname(import.meta.filename)}`);
const PACKAGES = ['aws-cdk-lib', '@aws-cdk/toolkit-lib', 'constructs'];
/** Enough for the message and the stack of a crash of Node. */
const STDERR_KEPT = 2_000;

/** Throws UsageError where the CDK is not installed. Loads nothing of it. */
export function checkCdk(from: string = CHILD): void {
  const { resolve } = createRequire(from);
  const missing = PACKAGES.filter((name) => {
    try {
      resolve(`${name}/package.json`);
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  throw new UsageError(
    `deploying needs the AWS CDK, which is not installed (${missing.join(', ')}): npm install --save-dev ${PACKAGES.join(' ')}, in the project that has graphql-lambda-bench`,
  );
}

/** The toolkit said that it failed. */
export class CdkFailure extends Error {
  override readonly name = 'CdkFailure';
}

export interface CdkRun {
  job: Job;
  /** null: AWS is not asked. */
  access: AwsAccess | null;
  supervisor: Supervisor;
  signal: AbortSignal;
  progress(text: string): void;
}

/**
 * Runs a job in a child process and resolves when it is done. Throws CdkFailure with what the CDK
 * said, ToolError where the process ended by itself, and the signal's reason once it is gone.
 */
export async function runCdk({ job, access, supervisor, signal, progress }: CdkRun): Promise<void> {
  signal.throwIfAborted();
  const home = supervisor.ownFolder('bench-cdk');
  const cdk = supervisor.spawn(process.execPath, [CHILD], {
    cwd: home,
    env: environment(access, home),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { stdin, stdout, stderr } = cdk.child;
  if (stdin === null || stdout === null || stderr === null)
    throw new Error('the child has no pipes');
  const end = () => cdk.signal('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  let last: Message | null = null;
  let said = '';
  stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-STDERR_KEPT);
  });
  // It may end before it has read all of it; that it ended is told below.
  stdin.on('error', () => {});
  stdin.end(JSON.stringify(job));
  for await (const line of createInterface({ input: stdout })) {
    // Its last line may be cut off.
    if (signal.aborted) break;
    last = messageSchema.parse(JSON.parse(line));
    if (last.type !== 'progress') break;
    progress(last.text);
  }
  // It has said its last word, and may still wait for stacks that do not matter any more.
  if (last !== null && last.type !== 'progress') end();
  const how = await cdk.ended;
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (last?.type === 'done') return;
  if (last?.type === 'failed') throw new CdkFailure(last.message, { cause: last.name });
  throw new ToolError(`the CDK's process ended by itself (${how}): ${said.trim()}`);
}

/** The parent's own, so that profiles and proxies hold; what would make the CDK write or ask is off. */
function environment(access: AwsAccess | null, home: string): Record<string, string> {
  const env: Record<string, string | undefined> = { ...process.env };
  // Of the way this process was started, not of the child.
  delete env.NODE_OPTIONS;
  // Its caches, which would go to ~/.cdk.
  env.CDK_HOME = home;
  env.CDK_DISABLE_CLI_TELEMETRY = 'true';
  env.NODE_NO_WARNINGS = '1';
  if (access !== null) {
    env.AWS_REGION = access.region;
    if (access.endpoint !== null) {
      env.AWS_ENDPOINT_URL = access.endpoint;
      env.AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION = access.endpoint;
    }
    if (access.credentials !== null) {
      const { accessKeyId, secretAccessKey, sessionToken } = access.credentials;
      delete env.AWS_PROFILE;
      env.AWS_ACCESS_KEY_ID = accessKeyId;
      env.AWS_SECRET_ACCESS_KEY = secretAccessKey;
      env.AWS_SESSION_TOKEN = sessionToken;
    }
  }
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
