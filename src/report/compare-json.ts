import type { Compared } from '../model/compared.ts';

/** The comparison for machines; its shape is src/model/compared.ts. */
export function renderComparedJson(compared: Compared): string {
  return `${JSON.stringify(compared, null, 2)}\n`;
}
