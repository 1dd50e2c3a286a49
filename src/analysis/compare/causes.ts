import type { Causes, CellAnalysis, Ratios, VariantChange } from '../../model/analysis.ts';
import type { Variant } from '../../model/run.ts';
import { ratiosOf } from '../figures/paired-ratio.ts';
import { causesFinding, endSentences, type Measured, missingSentences } from './cause-sentences.ts';
import { hasFigures } from './comparisons.ts';
import { type Panel, panelsOf } from './panels.ts';

/**
 * What the features of a backend's variants each do to latency. Two variants that differ in one
 * feature tell it apart at one setting of the others; a feature may do nothing at one setting and
 * much at another (an index without a limit), so each setting is stated, and none is averaged away.
 * Of a gate's run those of head.
 */
export function tellCausesApart(
  cells: readonly CellAnalysis[],
  variants: readonly Variant[],
): Causes[] {
  const backends = [...new Set(variants.map(({ backend }) => backend))];
  return backends.flatMap((backend) => {
    const own = variants.filter((variant) => variant.backend === backend);
    const features = [...new Set(own.flatMap((variant) => Object.keys(variant.features)))];
    const found = panelsOf(cells, 'variant')
      .filter(({ members }) => {
        const endpoint = members[0]?.cell.cell.endpoint;
        return endpoint?.backend === backend && endpoint.revision !== 'base';
      })
      .map((panel) => ({ panel, measured: measuredOf(panel, own) }));
    if (features.length === 0 || found.length === 0) return [];
    const panels = found.map(({ panel, measured }) => ({
      label: panel.label,
      ends: endChanges(measured, features),
      steps: steps(measured, features),
    }));
    const told = panels.map((panel) => ({ ...panel, ranges: ranges(panel.steps, features) }));
    return [
      {
        backend,
        features,
        finding: causesFinding(features, told),
        ends: endSentences(told),
        missing: missingSentences(features, found),
        panels: told,
      },
    ];
  });
}

/** In the order of the plan's cells, so that changes run the way comparisons do. */
function measuredOf({ members }: Panel, variants: readonly Variant[]): Measured[] {
  return members.flatMap(({ level, cell }) => {
    const variant = variants.find(({ name }) => name === level);
    return variant === undefined || !hasFigures(cell) ? [] : [{ variant, cell }];
  });
}

/** The features in which they differ. */
function differing(a: Measured, b: Measured, features: readonly string[]): string[] {
  const has = ({ variant }: Measured, feature: string) => variant.features[feature] === true;
  return features.filter((feature) => has(a, feature) !== has(b, feature));
}

function steps(measured: readonly Measured[], features: readonly string[]): VariantChange[] {
  return features.flatMap((feature) =>
    measured
      .filter(({ variant }) => variant.features[feature] !== true)
      .flatMap((without) =>
        measured
          .filter((other) => differing(without, other, features).join() === feature)
          .map((other) => change(feature, without, other)),
      ),
  );
}

/** From the two that differ in every feature, each feature alone, then all of them. */
function endChanges(measured: readonly Measured[], features: readonly string[]): VariantChange[] {
  const [first, last] = endsOf(measured, features);
  const from = (end: Measured | undefined) =>
    end === undefined
      ? []
      : features.flatMap((feature) =>
          measured
            .filter((other) => differing(end, other, features).join() === feature)
            .map((other) => change(feature, end, other)),
        );
  if (first === undefined || last === undefined) return from(first);
  const all: VariantChange = {
    feature: features.join(', '),
    kind: 'all',
    from: first.variant.name,
    to: last.variant.name,
    ratios: ratiosOf(last.cell, first.cell),
  };
  return features.length === 1 ? from(first) : [...from(first), ...from(last), all];
}

function endsOf(measured: readonly Measured[], features: readonly string[]) {
  for (const first of measured) {
    const last = measured.find(
      (other) => differing(first, other, features).length === features.length,
    );
    if (last !== undefined) return [first, last];
  }
  return measured.slice(0, 1);
}

function change(feature: string, from: Measured, to: Measured): VariantChange {
  return {
    feature,
    kind: to.variant.features[feature] === true ? 'adds' : 'takes',
    from: from.variant.name,
    to: to.variant.name,
    ratios: ratiosOf(to.cell, from.cell),
  };
}

function ranges(all: readonly VariantChange[], features: readonly string[]) {
  return features.map((feature) => {
    const own = all.filter((step) => step.feature === feature);
    const over = (of: keyof Ratios) => {
      const values = own.flatMap(({ ratios }) => ratios[of].value ?? []);
      return values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) };
    };
    return {
      feature,
      pairs: own.length,
      p50: over('p50'),
      p99: over('p99'),
      backendMs: over('backendMs'),
    };
  });
}
