/**
 * CPU of a function: 1,769 MB are one vCPU, in proportion, at most 5.79 (10,240 MB).
 * Source: AWS Lambda Developer Guide, "Configure Lambda function memory".
 */
export function vcpusOf(memoryMb: number): number {
  return Math.min(5.79, memoryMb / 1769);
}

/** The init phase has about two vCPUs whatever the memory. */
export const INIT_VCPUS = 2;

/** Heap limits as Lambda's own bootstrap gives them to Node, in MB. */
export function nodeFlags(memoryMb: number): string[] {
  return [
    `--max-semi-space-size=${Math.floor((memoryMb * 5) / 100)}`,
    `--max-old-space-size=${Math.floor((memoryMb * 90) / 100)}`,
  ];
}
