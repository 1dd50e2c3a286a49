import { currentTrace, nowSeconds, sendSubsegment } from './xray.ts';

/** What is told of an answer. */
export interface Answered {
  status: number;
  bytes: number;
}

/**
 * Makes a call over HTTP, its retries included, one X-Ray subsegment of the invocation, in the form
 * the X-Ray SDK gives them: no query, no header and so no token gets in.
 */
export async function traceHttp<Answer extends Answered>(
  url: URL,
  method: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const trace = currentTrace();
  if (trace === undefined) return call();
  const start_time = nowSeconds();
  const finish = (answered?: Answered): void => {
    sendSubsegment(trace, {
      name: url.hostname,
      namespace: 'remote',
      start_time,
      end_time: nowSeconds(),
      ...flagsOf(answered?.status),
      http: {
        request: { url: `${url.origin}${url.pathname}`, method },
        response: answered && { status: answered.status, content_length: answered.bytes },
      },
    });
  };
  let answer: Answer;
  try {
    answer = await call();
  } catch (error) {
    finish();
    throw error;
  }
  finish(answer);
  return answer;
}

/** X-Ray's own: 4xx is an error, 429 a throttle too, 5xx or no answer at all is a fault. */
function flagsOf(status: number | undefined): { error?: true; throttle?: true; fault?: true } {
  if (status === 429) return { error: true, throttle: true };
  if (status === undefined || status >= 500) return { fault: true };
  return status >= 400 ? { error: true } : {};
}
