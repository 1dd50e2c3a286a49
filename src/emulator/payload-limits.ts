/** Lambda's limit of an event and of an answer, synchronously invoked. */
export const INVOKE_BYTES = 6 * 1024 * 1024;
