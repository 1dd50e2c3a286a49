import type {
  FunctionConfiguration,
  LambdaClient,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { messageOf, ToolError } from '../base/errors.ts';
import type { AwsAccess } from '../model/ports.ts';
import { RENEW_TIMEOUT_S } from '../model/scenario.ts';
import { isLoopback, lambdaClient } from './clients.ts';
import { isServiceError } from './explain.ts';
import { pause } from './waiting.ts';

/** Counts the changes; no handler reads it. */
const VARIABLE = 'BENCH_RENEWED';
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
const SETTLING_MS = 5_000;
/**
 * Lambda is at something else with the function (a network interface, an alias), or its revision is
 * another since it was read: both pass.
 */
const PASSING = ['ResourceConflictException', 'PreconditionFailedException'];
const PASSES_WITHIN_MS = 60_000;

/**
 * After a change requests still reach old environments for some seconds; a stand-in on this machine has
 * none that linger.
 */
export function settlingMs(access: AwsAccess): number {
  return isLoopback(access) ? 0 : SETTLING_MS;
}

/**
 * Changes a function's configuration by one environment variable, all others kept, and waits until
 * Lambda says that the update is in effect: what comes next finds no environment of before.
 * @param settleMs waited after that: see `settlingMs`
 * @throws ToolError saying what Lambda said
 */
export async function renewFunction(
  access: AwsAccess,
  functionName: string,
  { settleMs, signal }: { settleMs: number; signal: AbortSignal },
): Promise<void> {
  const client = await lambdaClient(access, 1);
  const within = AbortSignal.any([signal, AbortSignal.timeout(RENEW_TIMEOUT_S * 1000)]);
  try {
    await change(client, functionName, within);
    await pause(settleMs, within);
    within.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    const reason = within.aborted
      ? `its new configuration was not in effect after ${RENEW_TIMEOUT_S} s`
      : messageOf(error);
    throw new ToolError(`${functionName} could not be renewed: ${reason}`);
  } finally {
    client.destroy();
  }
}

async function change(
  client: LambdaClient,
  functionName: string,
  signal: AbortSignal,
  untilMs = Date.now() + PASSES_WITHIN_MS,
): Promise<void> {
  const { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } = await import(
    '@aws-sdk/client-lambda'
  );
  const read = () =>
    client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }), {
      abortSignal: signal,
    });
  // A change of before, cut short by who asked for it: Lambda takes one at a time.
  const { Environment, RevisionId } = await settled(await read(), read, signal);
  // Written back without them, the function would lose its variables.
  if (Environment?.Error !== undefined) {
    throw new Error(`its variables cannot be read: ${Environment.Error.Message}`);
  }
  const variables = Environment?.Variables ?? {};
  const renewed = Number(variables[VARIABLE] ?? 0) + 1;
  const input: UpdateFunctionConfigurationCommandInput = {
    FunctionName: functionName,
    RevisionId,
    Environment: { Variables: { ...variables, [VARIABLE]: String(renewed) } },
  };
  let changed: FunctionConfiguration;
  try {
    changed = await client.send(new UpdateFunctionConfigurationCommand(input), {
      abortSignal: signal,
    });
  } catch (error) {
    if (!isServiceError(error, ...PASSING) || Date.now() >= untilMs) {
      throw new Error(withoutVariables(messageOf(error)));
    }
    await pause(LONGEST_PAUSE_MS, signal);
    signal.throwIfAborted();
    return await change(client, functionName, signal, untilMs);
  }
  const { LastUpdateStatus, LastUpdateStatusReason } = await settled(changed, read, signal);
  if (LastUpdateStatus !== 'Failed') return;
  throw new Error(LastUpdateStatusReason ?? 'the update of its configuration failed');
}

/** The function once no update of it is in progress. */
async function settled(
  last: FunctionConfiguration,
  read: () => Promise<FunctionConfiguration>,
  signal: AbortSignal,
): Promise<FunctionConfiguration> {
  let known = last;
  for (let pauseMs = FIRST_PAUSE_MS; known.LastUpdateStatus === 'InProgress'; pauseMs *= 2) {
    await pause(Math.min(pauseMs, LONGEST_PAUSE_MS), signal);
    signal.throwIfAborted();
    known = await read();
  }
  return known;
}

/**
 * Lambda's refusals quote all variables, in braces: `String measured: {"PASSWORD":"…"}` where they
 * exceed 4 KB. What is said here ends up in the trial's record and in k6's log.
 */
function withoutVariables(message: string): string {
  return message.replace(/\{.*\}?/s, '{…}');
}
