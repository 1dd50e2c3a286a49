import type { Check } from '../../model/analysis.ts';
import type { Trial } from '../../model/trial.ts';
import { CHECK_OF_WARNING, type Warning } from '../../model/warning.ts';
import { shownCount } from './check.ts';
import type { CellFacts, TrialTables } from './evidence.ts';

/** A trial that has figures: finished, or the best there is. */
export interface MeasuredTrial {
  trial: Trial;
  tables: TrialTables;
}

/** A trial without any: it did not finish, or cannot be read. */
export interface LostTrial {
  trial: number;
  reason: string;
}

export interface CellTrials {
  cell: CellFacts;
  measured: readonly MeasuredTrial[];
  lost: readonly LostTrial[];
  /** None finished: those measured did not. */
  unfinished: boolean;
}

/** Why a trial did not finish, as far as it could say. */
export function brokeOff({ warnings }: Trial): string[] {
  return warnings
    .filter(({ code }) => CHECK_OF_WARNING[code] === 'finished-trials')
    .map(({ message }) => message);
}

/** A single trial's reasons are the cell's own checks. */
export function leftOut(
  broken: readonly { evidence: { trial: Trial }; checks: Check[] }[],
  all: number,
  enough: boolean,
): Check[] {
  if (broken.length === 0 || all === 1) return [];
  const why = new Map<string, number>();
  for (const { checks } of broken) {
    const label = checks.find(
      ({ about, state }) => about === 'measurement' && state === 'void',
    )?.label;
    if (label !== undefined) why.set(label, (why.get(label) ?? 0) + 1);
  }
  const reasons = [...why].map(([label, n]) => `${label} (${shownCount(n)})`).join(', ');
  const numbers = broken.map(({ evidence }) => evidence.trial.trial).join(', ');
  const how = enough ? 'left out' : 'void, too many to leave out';
  return [
    {
      name: 'trials-left-out',
      label: 'Trials that this host or the tool spoiled',
      value: broken.length,
      shown: `${shownCount(broken.length)} of ${shownCount(all)} (trial ${numbers}), ${how}: ${reasons}`,
      threshold: '0; void where more than half are',
      state: enough ? 'doubtful' : 'void',
      about: 'measurement',
      why: 'The others measured the same endpoint under the same load; but a host is often busy for a reason, and fewer trials tell less.',
    },
  ];
}

export function finishedTrials(
  { measured, lost, unfinished }: CellTrials,
  requests: number,
): Check[] {
  if (requests > 0 && !unfinished && lost.length === 0) return [];
  const stopped = unfinished ? measured.flatMap(({ trial }) => brokeOff(trial)) : [];
  const reasons = [...new Set([...stopped, ...lost.map(({ reason }) => reason)])];
  const first = reasons.length > 1 ? 'the first reason: ' : '';
  const reason = reasons[0] === undefined ? '' : ` (${first}${reasons[0]})`;
  return [
    {
      name: 'finished-trials',
      label: 'Trials that did not finish or cannot be read',
      value: lost.length,
      shown: unfinished
        ? `all${reason}: the figures are of what was measured until then`
        : `${shownCount(lost.length)}, left out${reason}`,
      threshold: '0',
      state: requests === 0 || unfinished ? 'void' : 'doubtful',
      about: 'measurement',
      why: 'A trial that broke off has no whole hold phase; which trials break off is seldom chance.',
    },
  ];
}

/** The warnings that void a trial where no check of it does so for the same reason. */
export function voidingWarnings(voiding: readonly Warning[]): Check[] {
  const [first] = voiding;
  if (first === undefined) return [];
  return [
    {
      name: 'voiding-warnings',
      label: 'Warnings that void a trial',
      value: voiding.length,
      shown:
        voiding.length === 1
          ? first.message
          : `${shownCount(voiding.length)}, the first: ${first.message}`,
      threshold: '0',
      state: 'void',
      about: 'measurement',
      why: 'Raised while the trial ran.',
    },
  ];
}
