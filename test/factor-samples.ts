import { tellCausesApart } from '../src/analysis/compare/causes.ts';
import { compareCells } from '../src/analysis/compare/comparisons.ts';
import { headline } from '../src/analysis/headline/headline.ts';
import type { Analysis } from '../src/model/analysis.ts';
import { HOSTILE, sampleAnalysis } from '../src/report/testing/sample-analysis.ts';
import { type SampleOptions, VARIANTS } from '../src/report/testing/sample-cells.ts';

/** Made-up cells with what the real analysis says of them. */
export function compared(analysis: Analysis): Analysis {
  const comparisons = compareCells(analysis.cells);
  const causes = tellCausesApart(analysis.cells, analysis.run.plan.variants);
  return {
    ...analysis,
    comparisons,
    causes,
    headline: headline(analysis.cells, comparisons, causes),
  };
}

const of = (options: SampleOptions) => compared(sampleAnalysis({ memoriesMb: [1024], ...options }));

/** Eight variants at two sizes of the data set, five rounds. */
export const variantsAnalysis = (trials = 5) =>
  of({
    backends: ['postgres'],
    variants: VARIANTS.map(({ name }) => name),
    datasets: ['x1', 'x100'],
    trials,
  });

/** `as-published` and `indexed` alone: their causes cannot be told apart. */
export const twoVariantsAnalysis = () =>
  of({
    backends: ['postgres'],
    variants: ['as-published', 'indexed'],
    datasets: ['x1', 'x100'],
    trials: 3,
  });

/** Three servers over two backends, batching on and off. */
export const serversAnalysis = (trials = 3) =>
  of({
    backends: ['dynamo', 'postgres'],
    servers: ['apollo', 'yoga', 'graphql-js'],
    batchings: [false, true],
    trials,
  });

/** More panels than are drawn. */
export const crowdedAnalysis = () =>
  of({
    backends: ['dynamo', 'postgres', 'rest'],
    variants: ['as-published', 'indexed'],
    servers: ['apollo', 'yoga'],
    batchings: [false, true],
    fronts: ['rest-api', 'function-url'],
    datasets: ['x1'],
    trials: 1,
  });

/** Names of variants and features as no backend of ours would have them. */
export function hostileVariantsAnalysis(): Analysis {
  const analysis = sampleAnalysis({
    backends: ['postgres'],
    variants: ['as-published', 'index-join', 'indexed'],
    memoriesMb: [1024],
    datasets: ['x1', 'x100'],
    trials: 3,
  });
  analysis.run.plan.variants.forEach((variant, i) => {
    const name = HOSTILE[i] ?? '';
    for (const { cell } of analysis.cells) {
      if (cell.endpoint.variant === variant.name) cell.endpoint.variant = name;
    }
    variant.name = name;
    const { index = false, limit = false, join = false } = variant.features;
    variant.features = { [HOSTILE[3]]: index, [HOSTILE[4]]: limit, [HOSTILE[5]]: join };
  });
  return compared(analysis);
}
