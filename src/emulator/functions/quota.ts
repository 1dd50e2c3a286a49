import { MB_PER_VCPU } from '../../model/endpoint.ts';

/**
 * CPU of a function: 1,769 MB are one vCPU, in proportion, at most 5.79 (10,240 MB).
 * Source: AWS Lambda Developer Guide, "Configure Lambda function memory".
 */
export function vcpusOf(memoryMb: number): number {
  return Math.min(5.79, memoryMb / MB_PER_VCPU);
}

/** As AWS_LAMBDA_INITIALIZATION_TYPE tells a function. */
export type InitializationType = 'on-demand' | 'provisioned-concurrency';

/** An init on demand has about two vCPUs whatever the memory. */
export const INIT_VCPUS = 2;

/**
 * With provisioned concurrency it has the function's own. Source: Serverless Land, "Utilize
 * initialization phase"; measured by DataDog/datadog-lambda-extension#700.
 */
export function initVcpusOf(type: InitializationType, memoryMb: number): number {
  return type === 'on-demand' ? INIT_VCPUS : vcpusOf(memoryMb);
}

/** Heap limits as Lambda's own bootstrap gives them to Node, in MB. */
export function nodeFlags(memoryMb: number): string[] {
  return [
    `--max-semi-space-size=${Math.floor((memoryMb * 5) / 100)}`,
    `--max-old-space-size=${Math.floor((memoryMb * 90) / 100)}`,
  ];
}
