import type { TelemetrySink } from '../types.ts';

/** Keeps nothing: for environments that only measure. */
export const NO_TELEMETRY: TelemetrySink = {
  invocation: () => {},
  gateway: () => {},
  httpApi: () => {},
  log: () => {},
  throttle: () => {},
};
