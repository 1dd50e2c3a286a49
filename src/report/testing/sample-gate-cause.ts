import type { GateCause } from '../../model/gate.ts';

export const GATE_CELL = 'dynamo-1024-rest-api-apollo-x1-ramp';

/** Why p50 grew: in the handler. */
export function sampleCause(own: Partial<GateCause> = {}): GateCause {
  const part = (
    name: GateCause['parts'][number]['part'],
    baseMs: number,
    growthMs: number,
    halfMs: number,
  ) => ({
    part: name,
    baseMs,
    headMs: baseMs + growthMs,
    growthMs,
    lowMs: growthMs - halfMs,
    highMs: growthMs + halfMs,
    shown: Math.abs(growthMs) > halfMs,
  });
  return {
    cellId: GATE_CELL,
    metric: 'p50',
    sentence: 'p50 grew by 1.54 ms, 1.49 ms [1.38, 1.60] of it in the handler.',
    parts: [
      part('handler', 6.1, 1.49, 0.11),
      part('backend', 2.2, 0.04, 0.06),
      part('client', 0.42, 0.01, 0.02),
      part('overhead', 0.3, 0.003, 0.01),
      part('unexplained', 1.0, -0.003, 0.02),
    ],
    traces: {
      base: {
        cellId: `${GATE_CELL}-base`,
        traceId: '1-692010a8-4f1c2d3e5a6b7c8d9e0f1a2b',
        totalMs: 10.1,
      },
      head: {
        cellId: `${GATE_CELL}-head`,
        traceId: '1-692010c4-0a1b2c3d4e5f60718293a4b5',
        totalMs: 11.6,
      },
    },
    ...own,
  };
}
