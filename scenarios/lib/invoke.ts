import type { Answer } from './check.ts';

const PATH = '/graphql';

/** An event's text around the text of its body. */
export interface EventText {
  beforeBody: string;
  afterBody: string;
}

/**
 * An event of payload format 2.0 with what handlers of GraphQL servers read of it, the headers among
 * it. The body goes between, escaped.
 */
export function eventText(headers: Record<string, string>): EventText {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name] as string;
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: PATH,
    rawQueryString: '',
    headers: { ...lower, 'content-type': 'application/json' },
    requestContext: {
      routeKey: '$default',
      stage: '$default',
      http: {
        method: 'POST',
        path: PATH,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: '',
      },
    },
    isBase64Encoded: false,
  };
  return { beforeBody: `${JSON.stringify(event).slice(0, -1)},"body":"`, afterBody: '"}' };
}

/** A text as it stands between the quotes of a JSON string. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * The answer a front would have made of the function's result: a proxy result is unwrapped, a result
 * without a statusCode is the GraphQL answer itself. What the service says in its own name (a throttle,
 * a wrong signature) stays as it is.
 */
export function unwrap(answer: Answer, fromBase64: (text: string) => string): Answer {
  if (answer.status !== 200 || answer.functionError !== undefined) return answer;
  let result: unknown;
  try {
    result = JSON.parse(answer.body);
  } catch {
    return answer;
  }
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return answer;
  const { statusCode, body, isBase64Encoded } = result as Record<string, unknown>;
  const text = typeof body === 'string' ? body : '';
  const status = /^[2-5]\d\d$/.test(String(statusCode)) ? Number(statusCode) : null;
  // A front takes such a result for malformed.
  if (status === null) return answer;
  return { status, body: isBase64Encoded === true ? fromBase64(text) : text, error: '' };
}
