import { z } from 'zod';
import { prepareHandler } from '../../backends/own/prepare-handler.ts';
import { InterruptedError, UsageError } from '../../base/errors.ts';
import { readEnvFile } from '../../config/env-file.ts';
import { handlerOf } from '../../config/settings/own-handlers.ts';
import { MAX_CONCURRENCY, oneOf, provisioned, whole } from '../../config/settings/values.ts';
import { MEMORY_MAX_MB, MEMORY_MIN_MB, RUNTIMES } from '../../model/endpoint.ts';
import { LOCAL_FRONTS } from '../../targets/local/local-target.ts';
import { exitCodeOf } from '../exit.ts';
import { typedFlags } from '../flags.ts';
import { enterScope } from '../scope/enter-scope.ts';
import { withSession } from '../session.ts';
import { withEmulator } from '../with-emulator.ts';
import { frontFlags, frontSettings } from './local-front.ts';

const flagsSchema = z.object({
  handler: z.string(),
  runtime: z.string(),
  memory: z.string(),
  timeout: z.string(),
  envFile: z.string().optional(),
  front: z.string(),
  provisionedConcurrency: z.string(),
  reservedConcurrency: z.string().optional(),
  port: z.string().optional(),
  logFormat: z.string(),
  ...frontFlags,
  json: z.boolean().optional(),
});

/** As FunctionSpec writes them, by how they are written here. */
const LOG_FORMATS = { text: 'Text', json: 'JSON' } as const;

const FUNCTION_NAME = 'local';

export async function localCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const runtime = oneOf(flags.runtime, '--runtime', RUNTIMES);
  const front = oneOf(flags.front, '--front', LOCAL_FRONTS);
  const memoryMb = whole(flags.memory, '--memory', MEMORY_MIN_MB, MEMORY_MAX_MB, 'MB');
  const timeoutS = whole(flags.timeout, '--timeout', 1, 900, 's');
  const port = flags.port === undefined ? undefined : whole(flags.port, '--port', 0, 65_535, '');
  if (front === 'invoke' && port !== undefined) {
    throw new UsageError('--port: the front invoke is at the AWS endpoint; leave --port out');
  }
  const settings = frontSettings(flags, front);
  const logFormat = LOG_FORMATS[oneOf(flags.logFormat, '--log-format', ['text', 'json'] as const)];
  const ready = provisioned(flags.provisionedConcurrency, '--provisioned-concurrency');
  const reserved =
    flags.reservedConcurrency === undefined
      ? null
      : whole(flags.reservedConcurrency, '--reserved-concurrency', 0, MAX_CONCURRENCY, '');
  if (reserved !== null && ready > reserved) {
    throw new UsageError(
      `--provisioned-concurrency: ${ready} is more than --reserved-concurrency ${reserved} lets run`,
    );
  }
  enterScope();
  const environment = flags.envFile === undefined ? {} : readEnvFile(flags.envFile);
  const interrupted = await withSession(async (supervisor, signal) => {
    const code = await prepareHandler(
      handlerOf(flags.handler, '--handler', process.cwd()),
      runtime,
      supervisor.ownFolder('bench-handler'),
    );
    const onLog = (text: string) => void process.stderr.write(text);
    await withEmulator({ supervisor, onLog }, async (emulator) => {
      const own = { memoryMb, timeoutS, environment, logFormat };
      await emulator.functions.create({ name: FUNCTION_NAME, runtime, ...code, ...own });
      const url =
        front === 'invoke'
          ? emulator.invokeUrl(FUNCTION_NAME)
          : (await emulator.addFront(front, FUNCTION_NAME, port, settings)).url;
      const problem = await emulator.functions.initProblem(FUNCTION_NAME);
      if (problem !== null) throw new UsageError(`--handler: ${flags.handler} ${problem}`);
      emulator.functions.reserveConcurrency(FUNCTION_NAME, reserved);
      await emulator.functions.provisionConcurrency(FUNCTION_NAME, ready);
      const addresses = {
        frontUrl: url,
        awsEndpoint: emulator.awsEndpoint,
        region: emulator.region,
        functionName: FUNCTION_NAME,
        ...emulator.credentials,
      };
      process.stdout.write(
        flags.json === true ? `${JSON.stringify(addresses)}\n` : shown(addresses),
      );
      await aborted(signal);
    });
    return signal.reason instanceof InterruptedError ? signal.reason : null;
  });
  // The way it is meant to end: nothing to say, but scripts may want to know.
  process.exitCode = exitCodeOf(interrupted);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function shown(addresses: Record<string, string>): string {
  return `ready; Ctrl-C ends it
  front         ${addresses.frontUrl}
  AWS endpoint  ${addresses.awsEndpoint} (region ${addresses.region})
  function      ${addresses.functionName}
  keys          ${addresses.accessKeyId} ${addresses.secretAccessKey}
`;
}
