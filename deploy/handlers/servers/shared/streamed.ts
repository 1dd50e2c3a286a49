import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import type { HttpAnswer, HttpEvent } from './http.ts';

/** What Lambda's Node.js runtimes offer streaming handlers (AWS Lambda Developer Guide, "Response streaming"). */
declare const awslambda: {
  streamifyResponse(
    handler: (event: HttpEvent, stream: Writable, context: Context) => Promise<void>,
  ): unknown;
  HttpResponseStream: { from(stream: Writable, metadata: object): Writable };
};

/**
 * A server's answer as a stream: status and headers first, then the body. GraphQL's answer is whole when
 * its body begins, so nothing comes sooner; what streaming itself costs, and that answers may be larger
 * than 6 MB, is what it shows.
 */
export function streamed(
  serve: (event: HttpEvent, context: Context) => Promise<HttpAnswer>,
): unknown {
  return awslambda.streamifyResponse(async (event, stream, context) => {
    const { body, ...metadata }: Partial<HttpAnswer> = await serve(event, context);
    const answer = awslambda.HttpResponseStream.from(stream, metadata);
    // A stream that is only ended has no metadata.
    answer.write(body ?? '');
    answer.end();
  });
}
