import type {
  InitializeMiddleware,
  MetadataBearer,
  Pluggable,
  ResponseMetadata,
} from '@smithy/types';
import { currentTrace, nowSeconds, type Subsegment, sendSubsegment } from './xray.ts';

/**
 * A plugin for AWS SDK clients: every call, its retries included, becomes one X-Ray subsegment of
 * the invocation, in the form the X-Ray SDK gives them.
 */
export function traceCalls<Input extends object, Output extends MetadataBearer>(
  name: string,
  region: () => Promise<string>,
): Pluggable<Input, Output> {
  const middleware: InitializeMiddleware<Input, Output> = (next, context) => async (args) => {
    const trace = currentTrace();
    if (trace === undefined) return next(args);
    const start_time = nowSeconds();
    const { TableName: table } = args.input as { TableName?: string };
    const finish = async (metadata: ResponseMetadata, flags: Flags) => {
      const end_time = nowSeconds();
      sendSubsegment(trace, {
        name,
        namespace: 'aws',
        start_time,
        end_time,
        ...flags,
        http: { response: { status: metadata.httpStatusCode } },
        aws: {
          operation: context.commandName?.replace(/Command$/, ''),
          region: await region(),
          request_id: metadata.requestId,
          retries: (metadata.attempts ?? 1) - 1,
          ...(table && { table_name: table, resource_names: [table] }),
        },
      } satisfies Subsegment);
    };
    try {
      const result = await next(args);
      await finish(result.output.$metadata, {});
      return result;
    } catch (error) {
      const metadata = (error as Partial<MetadataBearer>).$metadata ?? {};
      await finish(metadata, flagsOf(error, metadata.httpStatusCode));
      throw error;
    }
  };
  return {
    applyToStack: (stack) => stack.add(middleware, { step: 'initialize', name: 'traceCalls' }),
  };
}

interface Flags {
  error?: true;
  throttle?: true;
  fault?: true;
}

/** X-Ray's own: 4xx is an error, a throttle is an error too, 5xx or no answer at all is a fault. */
function flagsOf(error: unknown, status: number | undefined): Flags {
  if (status === 429 || THROTTLES.has((error as Error).name))
    return { error: true, throttle: true };
  return status !== undefined && status < 500 ? { error: true } : { fault: true };
}

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);
