import { capital, inSentence } from '../../base/words.ts';
import type { Named } from './named.ts';

/** ` (doubtful at 1024 MB: CPU of the load generator and 1 more)`; nothing where all are sound. */
export function hedge(named: readonly Named[]): string {
  const doubtful = named.filter(({ cell }) => cell.validity.state === 'doubtful');
  if (doubtful.length === 0) return '';
  const reasons = new Set(
    doubtful.flatMap(({ cell }) =>
      cell.validity.checks.filter(({ state }) => state === 'doubtful').map(({ label }) => label),
    ),
  );
  const [first] = reasons;
  const more = reasons.size > 1 ? ` and ${reasons.size - 1} more` : '';
  return ` (doubtful${whichOf(doubtful, named)}: ${inSentence(first ?? '')}${more})`;
}

/** ` at 1024 MB`, ` at 3 of 16 cells`; nothing where it is all of them. */
function whichOf(some: readonly Named[], all: readonly Named[]): string {
  if (some.length === all.length) return '';
  const [only] = some;
  return some.length === 1 && only !== undefined
    ? ` at ${only.name}`
    : ` at ${some.length} of ${all.length} cells`;
}

/** More are counted, with the reasons they have in common. */
const VOID_NAMED_AT_MOST = 3;

/** One sentence for all cells that are void. */
export function voidSentence(voids: readonly Named[], cells: number): string | null {
  if (voids.length === 0) return null;
  if (voids.length <= VOID_NAMED_AT_MOST) {
    const named = voids.map((one) => `${one.name} is void (${reasonsOf(one).join('; ')})`);
    return `${capital(named.join('; '))}.`;
  }
  const labels = new Set(
    voids.flatMap(({ cell }) =>
      cell.validity.checks
        .filter(({ state }) => state === 'void')
        .map(({ label }) => inSentence(label)),
    ),
  );
  return `${voids.length} of ${cells} cells are void (${[...labels].join('; ')}).`;
}

function reasonsOf({ cell }: Named): string[] {
  return cell.validity.checks
    .filter(({ state }) => state === 'void')
    .map(({ label, shown }) => `${inSentence(label)}: ${shown}`);
}
