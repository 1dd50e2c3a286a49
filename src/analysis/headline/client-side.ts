import { NAMED_AT_MOST, type Named } from './named.ts';

/** Endpoints behind which no function is known: what is lacking of them, before anyone looks for it. */
export function clientSideSentence(named: readonly Named[]): string | null {
  const of = named.filter(({ cell }) => cell.cell.endpoint.memoryMb === null);
  if (of.length === 0) return null;
  const names =
    of.length > NAMED_AT_MOST ? `${of.length} cells` : of.map(({ name }) => name).join(', ');
  const which = of.length === named.length ? '' : ` of ${names}`;
  return `Only what clients see was measured${which}: no function behind ${of.length === 1 ? 'the endpoint' : 'the endpoints'} is known, so there are no parts of latency, cold starts, memory or cost.`;
}
