import type { InvocationRequest, InvocationResult, TelemetrySink } from '../types.ts';
import type { FrontSettings } from './front-settings.ts';

/** What a front needs of the rest of the emulator. */
export interface FrontContext {
  region: string;
  accountId: string;
  functionName: string;
  telemetry: Pick<TelemetrySink, 'gateway' | 'httpApi'>;
  /** Never rejects. */
  invoke(request: InvocationRequest): Promise<InvocationResult>;
  /** Whether a request without a trace header, or without a decision in it, is traced. */
  sample(): boolean;
  port: number;
  settings: FrontSettings;
}

/** A way in to one function. */
export interface Front {
  /** Where requests go: path and all. */
  url: string;
  /** CloudWatch's dimensions of the front's metrics; null where it has none. */
  frontDimensions: Record<string, string> | null;
  apiId: string;
  stage: string;
  close(): Promise<void>;
}
