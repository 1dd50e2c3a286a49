import type { FunctionConfiguration } from '../types.ts';
import type { FailedInit, Failure } from './outcomes.ts';
import type { InitializationType } from './quota.ts';

/**
 * The platform's lines about environments, in the function's log format. Those of a timeout and of an
 * exit are text in both: it is inferred that the JSON format has them as they are.
 */

export function initStartLine(
  { logFormat, runtime, name, version }: FunctionConfiguration,
  initializationType: InitializationType,
): string {
  if (logFormat === 'Text') return `INIT_START Runtime Version: ${runtime}\n`;
  return event('platform.initStart', {
    initializationType,
    phase: 'init',
    functionName: name,
    functionVersion: version,
    runtimeVersion: runtime,
  });
}

/** Of an initialisation that failed. */
export function initReportLine(
  { logFormat }: FunctionConfiguration,
  outcome: FailedInit,
  phase: 'init' | 'invoke',
  initializationType: InitializationType,
): string {
  const tookMs = (outcome.endedUs - outcome.startedUs) / 1000;
  const { status } = outcome;
  const errorType = status === 'timeout' ? null : platformErrorType(outcome.errorType);
  if (logFormat === 'Text') {
    const type = errorType === null ? '' : `\tError Type: ${errorType}`;
    return `INIT_REPORT Init Duration: ${tookMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: ${status}${type}\t\n`;
  }
  return event('platform.initReport', {
    initializationType,
    phase,
    status,
    ...(errorType === null ? {} : { errorType }),
    metrics: { durationMs: Number(tookMs.toFixed(3)) },
  });
}

/**
 * The platform names errors of the runtime and of its own; any other is not known to it. Source:
 * fatalerror.go of AWS's Runtime Interface Emulator.
 */
export function platformErrorType(errorType: string): string {
  return /^(Runtime|Function)\.[A-Z][A-Za-z]+$/.test(errorType) ? errorType : 'Runtime.Unknown';
}

export function timeoutLine({ timeoutS }: FunctionConfiguration, requestId: string): string {
  const text = `Task timed out after ${timeoutS.toFixed(2)} seconds`;
  return `${new Date().toISOString()} ${requestId} ${text}\n\n`;
}

export function exitLine({ errorMessage, errorType }: Failure): string {
  return `${errorMessage}\n${errorType}\n`;
}

function event(type: string, record: Record<string, unknown>): string {
  return `${JSON.stringify({ time: new Date().toISOString(), type, record })}\n`;
}
