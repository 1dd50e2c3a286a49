import type { CellAnalysis } from '../../model/analysis.ts';
import { CHECK_OF_WARNING } from '../../model/warning.ts';
import { type BareCheck, shownCount, worst } from './check.ts';
import type { Evidence } from './evidence.ts';
import { hostChecks } from './host-checks.ts';
import { loadChecks } from './load-checks.ts';
import { telemetryChecks } from './telemetry-checks.ts';

/** All checks of a cell; its state is the worst of them. */
export function cellValidity(evidence: Evidence): CellAnalysis['validity'] {
  const checks = [
    ...loadChecks(evidence),
    ...telemetryChecks(evidence),
    ...hostChecks(evidence),
    ...finishedTrials(evidence),
  ];
  checks.push(...voidingWarnings(evidence, checks));
  return {
    state: worst(checks.map(({ state }) => state)),
    checks: checks.map((check) => ({ ...check, about: 'measurement' })),
    trials: [],
  };
}

function finishedTrials({ requests, unusedTrials, unfinished, brokeOff }: Evidence): BareCheck[] {
  if (requests > 0 && !unfinished && unusedTrials === 0) return [];
  const reasons = [...new Set(brokeOff)];
  const first = reasons.length > 1 ? 'the first reason: ' : '';
  const reason = reasons[0] === undefined ? '' : ` (${first}${reasons[0]})`;
  return [
    {
      name: 'finished-trials',
      label: 'Trials that did not finish',
      value: unusedTrials,
      shown: unfinished
        ? `all${reason}: the figures are of what was measured until then`
        : `${shownCount(unusedTrials)}, left out${reason}`,
      threshold: '0',
      state: requests === 0 || unfinished ? 'void' : 'doubtful',
      why: 'A trial that broke off has no whole hold phase; which trials break off is seldom chance.',
    },
  ];
}

/** The warnings that void the cell where no check does so for the same reason. */
function voidingWarnings({ voiding }: Evidence, checks: readonly BareCheck[]): BareCheck[] {
  const voids = new Set(checks.filter(({ state }) => state === 'void').map(({ name }) => name));
  const others = voiding.filter(({ code }) => !voids.has(CHECK_OF_WARNING[code] ?? ''));
  const [first] = others;
  if (first === undefined) return [];
  return [
    {
      name: 'voiding-warnings',
      label: 'Warnings that void a trial',
      value: others.length,
      shown:
        others.length === 1
          ? first.message
          : `${shownCount(others.length)}, the first: ${first.message}`,
      threshold: '0',
      state: 'void',
      why: 'Raised while the trial ran.',
    },
  ];
}
