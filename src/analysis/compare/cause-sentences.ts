import type { Causes, CellAnalysis, VariantChange } from '../../model/analysis.ts';
import type { Variant } from '../../model/run.ts';
import { describeRatio, ratioWords, strength } from './ratio-words.ts';

/** A variant with the cell that measured it. */
export interface Measured {
  variant: Variant;
  cell: CellAnalysis;
}

type PanelEnds = Pick<Causes['panels'][number], 'label' | 'ends'>;

/** Where the variants differ most: all features at once, and the largest change alone from either end. */
export function causesFinding(features: readonly string[], panels: readonly PanelEnds[]): string {
  const best = mostTelling(panels);
  const list = features.join(', ');
  if (best === undefined) {
    return `What ${list} each do is not known: no two variants differ in one of them only`;
  }
  const all = best.ends.find(({ kind }) => kind === 'all');
  const whole = all === undefined ? '' : atLabel(best) + wholeWords(all);
  const alone = largestAlone(best);
  if (alone === null) {
    return `${whole}, with ${list} changed at once: which of them does it this run does not tell`;
  }
  return whole === '' ? atLabel(best) + alone : `${whole}; ${alone}`;
}

/** The second half of the finding by itself, for where the first has been said. */
export function largestFinding(panels: readonly PanelEnds[]): string | null {
  const best = mostTelling(panels);
  const alone = best === undefined ? null : largestAlone(best);
  return best === undefined || alone === null ? null : atLabel(best) + alone;
}

function atLabel({ label }: PanelEnds): string {
  return label === '' ? '' : `At ${label}, `;
}

function largestAlone(best: PanelEnds): string | null {
  const largest = byEnd(best.ends).flatMap(
    (changes) =>
      [...changes].sort((a, b) => strength(b.ratios.p50) - strength(a.ratios.p50))[0] ?? [],
  );
  if (largest.length === 0) return null;
  const alone = largest
    .map((change) => {
      const where = `${change.kind === 'adds' ? 'to' : 'from'} ${change.from}`;
      return `${changeWords(change)} ${where}: ${ratioWords(change.ratios.p50)}`;
    })
    .join(', ');
  return `the largest single change measured is ${alone}`;
}

/** Every change alone, a sentence an end: `At x100, from as-published: adding index 1.20 times faster …`. */
export function endSentences(panels: readonly PanelEnds[]): string[] {
  return panels.flatMap(({ label, ends }) =>
    byEnd(ends).map((changes) => {
      const told = changes.map(
        (change) => `${changeWords(change)} ${ratioWords(change.ratios.p50)}`,
      );
      return `${label === '' ? 'From' : `At ${label}, from`} ${changes[0]?.from}: p50 ${told.join(', ')}.`;
    }),
  );
}

function mostTelling(panels: readonly PanelEnds[]): PanelEnds | undefined {
  const most = ({ ends }: PanelEnds) =>
    Math.max(0, ...ends.map(({ ratios }) => strength(ratios.p50)));
  return panels.filter(({ ends }) => ends.length > 0).sort((a, b) => most(b) - most(a))[0];
}

/** The changes of one feature, by the variant they begin at. */
function byEnd(ends: readonly VariantChange[]): VariantChange[][] {
  const single = ends.filter(({ kind }) => kind !== 'all');
  return [...new Set(single.map(({ from }) => from))].map((from) =>
    single.filter((one) => one.from === from),
  );
}

function wholeWords({ from, to, ratios }: VariantChange): string {
  const { kind, what, interval } = describeRatio(ratios.p50);
  if (kind === 'differs') return `${to} answers ${what} than ${from} at p50${interval}`;
  return `${to} and ${from}: ${what}${interval}`;
}

const changeWords = ({ feature, kind }: VariantChange) =>
  `${kind === 'adds' ? 'adding' : 'removing'} ${feature}`;

/** Names at most this many combinations that were not measured. */
const NAMED_AT_MOST = 8;

/** What was not measured, or is void, and so cannot be told. */
export function missingSentences(
  features: readonly string[],
  found: readonly { panel: { label: string }; measured: readonly Measured[] }[],
): string[] {
  const byText = new Map<string, string[]>();
  for (const { panel, measured } of found) {
    const combinations = 2 ** features.length;
    const absent = Array.from({ length: combinations }, (_, bits) =>
      features.map((_, i) => (bits & (1 << i)) !== 0),
    ).filter(
      (wanted) =>
        !measured.some(({ variant }) =>
          features.every((feature, i) => (variant.features[feature] === true) === wanted[i]),
        ),
    );
    if (absent.length === 0) continue;
    const named = absent.slice(0, NAMED_AT_MOST).map((wanted) => combinationText(features, wanted));
    const more = absent.length > NAMED_AT_MOST ? ` and ${absent.length - NAMED_AT_MOST} more` : '';
    const text = `${measured.length} of ${combinations} combinations of ${features.join(', ')} have figures. Missing: ${named.join('; ')}${more}.`;
    byText.set(text, [...(byText.get(text) ?? []), panel.label]);
  }
  return [...byText].map(([text, labels]) =>
    labels.length === found.length ? text : `At ${labels.join(' and at ')}: ${text}`,
  );
}

/** `index + join`, `index alone`, `none of them`. */
function combinationText(features: readonly string[], wanted: readonly boolean[]): string {
  const held = features.filter((_, i) => wanted[i]);
  if (held.length <= 1) return held.length === 0 ? 'none of them' : `${held[0]} alone`;
  return held.join(' + ');
}
