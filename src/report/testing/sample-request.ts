import type { PartsMs } from '../../model/analysis.ts';

/** One made-up request. */
export interface SampleRequest {
  trial: number;
  atS: number;
  phase: 'warm_up' | 'ramp' | 'hold' | 'warm';
  operation: string;
  cold: boolean;
  failed: boolean;
  parts: PartsMs;
  totalMs: number;
}
