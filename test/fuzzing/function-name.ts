export const FUNCTION_NAME = 'fuzzed';
