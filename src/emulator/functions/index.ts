export { createFunctionHost } from './host.ts';
export type { FunctionHostSettings } from './settings.ts';
