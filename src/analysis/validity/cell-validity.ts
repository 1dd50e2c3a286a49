import type { CellAnalysis, Check } from '../../model/analysis.ts';
import { shownCount, worst } from './check.ts';
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
    ...trialChecks(evidence),
  ];
  return { state: worst(checks.map(({ state }) => state)), checks };
}

function trialChecks({ requests, unusedTrials, unfinished, voiding }: Evidence): Check[] {
  const checks: Check[] = [];
  if (requests === 0 || unfinished || unusedTrials > 0) {
    checks.push({
      name: 'finished-trials',
      label: 'Trials that did not finish',
      value: unusedTrials,
      shown: unfinished
        ? 'all: the figures are of what was measured until then'
        : `${shownCount(unusedTrials)}, left out`,
      threshold: '0',
      state: requests === 0 || unfinished ? 'void' : 'doubtful',
      why: 'A trial that broke off has no whole hold phase; which trials break off is seldom chance.',
    });
  }
  const [first] = voiding;
  if (first !== undefined) {
    checks.push({
      name: 'voiding-warnings',
      label: 'Warnings that void a trial',
      value: voiding.length,
      shown: voiding.length === 1 ? first : `${shownCount(voiding.length)}, the first: ${first}`,
      threshold: '0',
      state: 'void',
      why: 'Raised while the trial ran.',
    });
  }
  return checks;
}
