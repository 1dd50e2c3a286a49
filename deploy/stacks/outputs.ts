import { CfnOutput, type Stack } from 'aws-cdk-lib/core';

/** What stands in a function's output; `src/targets/aws/outputs.ts` reads it. */
export interface FunctionOutput {
  key: string;
  name: string;
  qualifier: string | null;
  memoryMb: number;
  timeoutS: number;
  codeSha256: string;
  region: string;
  /** `amazonaws.com` */
  domain: string;
  restApi?: { id: string; name: string; stage: string };
  httpApi?: { id: string; stage: string };
  functionUrl?: string;
}

/**
 * An output whose value is JSON. CloudFormation allows 1024 characters: what follows from the rest
 * (addresses, log groups) is left to the reader.
 */
export function tell(stack: Stack, id: string, value: object): void {
  new CfnOutput(stack, id, { value: stack.toJsonString(value) });
}
