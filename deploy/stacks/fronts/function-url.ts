import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { BenchFunction } from '../function.ts';

/**
 * No resource policy: within one account the caller's own policy is enough. It must allow both
 * lambda:InvokeFunctionUrl and, of URLs made since October 2025, lambda:InvokeFunction
 * (AWS Lambda Developer Guide, "Control access to Lambda function URLs").
 */
export function functionUrl({ target, spec }: BenchFunction): string {
  const { url } = target.addFunctionUrl({
    authType: lambda.FunctionUrlAuthType.AWS_IAM,
    ...(spec.streams && { invokeMode: lambda.InvokeMode.RESPONSE_STREAM }),
  });
  return url;
}
