import { INVOKE_BYTES } from '../payload-limits.ts';
import type { Reply } from './http1.ts';

/** With 100 bytes for the envelope. */
export const PAYLOAD_LIMIT_BYTES = INVOKE_BYTES + 100;

export const JSON_TYPE = 'Content-Type: application/json\r\n';
const ACCEPTED = '{"status":"OK"}\n';

/** States of a runtime, in the words of AWS's Runtime Interface Emulator. */
export type RuntimeState =
  | 'Started'
  | 'Ready'
  | 'Running'
  | 'InvocationResponse'
  | 'RuntimeResponseSentState';

/** What became of a runtime's report: taken, for another invocation, or not what its state allows. */
export type Verdict = 'accepted' | 'unknown_id' | RuntimeState;

/** The states that reports lead to. */
export const REPORT_STATES: Record<string, string> = {
  response: 'InvocationResponse',
  error: 'InvocationErrorResponse',
};

/** As AWS's Runtime Interface Emulator does (rapi/handler and rapi/rendering). */
export function answer(
  reply: Reply,
  verdict: Verdict | 'too_large' | 'invalid_mode',
  asked: string | undefined,
): void {
  switch (verdict) {
    case 'accepted':
      reply(202, JSON_TYPE, ACCEPTED, { hold: true });
      return;
    case 'unknown_id':
      refuse(reply, 400, 'InvalidRequestID', 'Invalid request ID');
      return;
    case 'invalid_mode':
      refuse(reply, 400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
      return;
    case 'too_large': {
      const limit = `Exceeded maximum allowed payload size (${PAYLOAD_LIMIT_BYTES} bytes).`;
      refuse(reply, 413, 'RequestEntityTooLarge', limit);
      return;
    }
    default: {
      const text = `State transition from ${verdict} to ${asked} failed for runtime. Error: State transition is not allowed`;
      refuse(reply, 403, 'InvalidStateTransition', text);
    }
  }
}

export function refuse(
  reply: Reply,
  status: number,
  errorType: string,
  errorMessage: string,
): void {
  reply(status, JSON_TYPE, `${JSON.stringify({ errorMessage, errorType })}\n`);
}

export function refuseMethod(reply: Reply): void {
  refuse(reply, 405, 'MethodNotAllowed', 'Method not allowed');
}
