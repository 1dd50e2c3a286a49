import type { GateResult } from '../../model/gate.ts';

/** gate.json: the result as it is; its schema is docs/gate.schema.json. */
export function renderGateJson(result: GateResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
