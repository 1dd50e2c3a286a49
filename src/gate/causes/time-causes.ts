import { formatMs } from '../../base/numbers.ts';
import type { BundleFacts } from '../../model/run.ts';
import { PARTS } from '../../model/tables.ts';
import type { GateCell, Pair } from '../sides.ts';
import { bundleGrowth } from './bundle-growth.ts';
import { type CauseText, growthOf, growthText, largestFirst, mostOf, placeOf } from './growth.ts';

/** The requests about a quantile, part by part. */
export function latencyCause(
  metric: 'p50' | 'p95' | 'p99',
  pairs: readonly Pair[],
  cell: GateCell,
  bundles: readonly BundleFacts[],
): CauseText | null {
  const traced = pairs.flatMap(({ base, head }) => {
    const [a, b] = [base.partsAt[metric], head.partsAt[metric]];
    return a === null || b === null ? [] : [{ a, b }];
  });
  if (traced.length === 0) return null;
  const parts = PARTS.map((part) =>
    growthOf(
      part,
      traced.map(({ a, b }) => [a[part], b[part]]),
    ),
  );
  const grown = largestFirst(parts);
  const wholeMs = parts.reduce((total, { growthMs }) => total + growthMs, 0);
  const sentences = [
    `Requests about ${metric} took ${longer(wholeMs)}: ${mostOf(grown, wholeMs)}.`,
  ];
  const init = grown.find(({ part }) => part === 'init');
  if (init?.shown && init.growthMs > 0) {
    const why = initCause(pairs, cell, bundles);
    if (why !== null) sentences.push(why.sentence);
  }
  return { sentence: sentences.join(' '), parts: grown };
}

function longer(wholeMs: number): string {
  return `${formatMs(Math.abs(wholeMs))} ${wholeMs < 0 ? 'less' : 'longer'}`;
}

/** Loading the handler's module against all else; the growth of what is loaded beside it. */
export function initCause(
  pairs: readonly Pair[],
  cell: GateCell,
  bundles: readonly BundleFacts[],
): CauseText | null {
  const inits = pairs.flatMap(({ base, head }) => {
    if (base.initMs === null || head.initMs === null) return [];
    return { init: [base.initMs, head.initMs] as const, load: [base.loadMs, head.loadMs] as const };
  });
  if (inits.length === 0) return null;
  const whole = growthOf(
    'init',
    inits.map(({ init }) => init),
  );
  const told = inits.flatMap(({ init, load }) =>
    load[0] === null || load[1] === null
      ? []
      : {
          load: [load[0], load[1]] as const,
          start: [init[0] - load[0], init[1] - load[1]] as const,
        },
  );
  const parts =
    told.length === 0
      ? []
      : largestFirst([
          growthOf(
            'load',
            told.map(({ load }) => load),
          ),
          growthOf(
            'start',
            told.map(({ start }) => start),
          ),
        ]);
  // The sign of what shrank is in its figures.
  const grew = whole.growthMs >= 0 ? 'grew' : 'changed';
  const text = growthText(whole);
  const where = parts.length === 0 ? '' : `: ${mostOf(parts, whole.growthMs)}`;
  const bundle = bundleGrowth(cell, bundles);
  const sentence = `Init ${grew} by ${text}${where}${bundle === null ? '' : `; ${bundle}`}.`;
  return { sentence, parts };
}

const MEDIANS = { handler: 'handlerMs', backend: 'backendMs', init: 'initMs' } as const;
type Median = keyof typeof MEDIANS;

/** Medians do not sum to a whole: each is told by itself. */
export function medianCause(
  metric: 'handler' | 'backend' | 'cost',
  pairs: readonly Pair[],
): CauseText | null {
  const parts = (Object.keys(MEDIANS) as Median[]).flatMap((part) => {
    const both = pairs.flatMap(({ base, head }) => {
      const [a, b] = [base[MEDIANS[part]], head[MEDIANS[part]]];
      return a === null || b === null ? [] : [[a, b] as const];
    });
    return both.length === 0 ? [] : [growthOf(part, both)];
  });
  const grown = largestFirst(parts);
  const most = grown[0];
  if (most === undefined) return null;
  const own = grown.find(({ part }) => part === metric) ?? most;
  if (own.growthMs <= 0) {
    return { sentence: 'No median of handler, backend or init grew.', parts: grown };
  }
  const shown = own.shown ? '' : ', which is not shown';
  const subject =
    metric === 'cost'
      ? `Of the medians of handler, backend and init that of ${placeOf(own)} grew most,`
      : `The median time in ${placeOf(own)} grew`;
  return { sentence: `${subject} by ${growthText(own)}${shown}.`, parts: grown };
}
