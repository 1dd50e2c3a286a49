import type { CellAnalysis, Check } from '../../model/analysis.ts';
import type { Trial } from '../../model/trial.ts';
import { CHECK_OF_WARNING } from '../../model/warning.ts';
import { worst } from './check.ts';
import { drift } from './drift.ts';
import { type CellFacts, type Evidence, evidenceOf, type TrialTables } from './evidence.ts';
import { hostChecks } from './host-checks.ts';
import { loadChecks } from './load-checks.ts';
import { readinessChecks } from './readiness-checks.ts';
import { closedModel } from './stalls.ts';
import { telemetryChecks } from './telemetry-checks.ts';
import {
  brokeOff,
  type CellTrials,
  finishedTrials,
  leftOut,
  voidingWarnings,
} from './trial-checks.ts';

export interface Judgement {
  validity: CellAnalysis['validity'];
  /** Numbers of the trials whose figures are the cell's. */
  used: number[];
}

/**
 * Every check of each trial and of the cell. A trial that a check of the measurement voids is left out
 * where at least half of all trials, and one, remain: the reason lies in this host or the tool, and
 * what the endpoint did is measured by the others. Else all are kept and the cell is void. What tells
 * of the system (failures, drops, throttles, drift) leaves no trial out and is judged over all of
 * them: to choose trials by their outcome would hide it.
 */
export function judgeCell(trials: CellTrials): Judgement {
  const { cell, measured, lost } = trials;
  const judged = measured.map(({ trial, tables }) => judgeTrial(cell, trial, tables));
  const broken = judged.filter(({ checks }) => isVoid(checks, 'measurement'));
  const remaining = judged.filter((one) => !broken.includes(one));
  const all = measured.length + lost.length;
  const enough = remaining.length > 0 && 2 * remaining.length >= all;
  const used = enough ? remaining : judged;
  const ofUsed = evidenceOf(
    cell,
    used.map(({ evidence }) => evidence),
  );
  const ofAll = evidenceOf(
    cell,
    judged.map(({ evidence }) => evidence),
  );
  const overAll = new Map(allChecks(ofAll).map((check) => [check.name, check]));
  const checks = [
    ...allChecks(ofUsed).map((check) =>
      check.about === 'system' ? (overAll.get(check.name) ?? check) : check,
    ),
    ...finishedTrials(trials, ofAll.requests),
  ];
  const voided = isVoid(checks, 'measurement');
  if (enough || !voided) checks.push(...leftOut(broken, all, enough));
  return {
    used: used.map(({ evidence }) => evidence.trial.trial),
    validity: {
      state: worst(checks.map(({ state }) => state)),
      checks,
      trials: [
        ...judged.map((one) => ({
          trial: one.evidence.trial.trial,
          state: trials.unfinished ? ('void' as const) : worst(one.checks.map((c) => c.state)),
          used: used.includes(one),
          spoiled: trials.unfinished || broken.includes(one),
          window: one.evidence.trial.window,
          reasons: [
            ...(trials.unfinished ? brokeOff(one.evidence.trial) : []),
            ...reasonsOf(one.checks),
          ],
        })),
        ...lost.map(({ trial, reason }) => ({
          trial,
          state: 'void' as const,
          used: false,
          spoiled: true,
          reasons: [reason],
        })),
      ].sort((a, b) => a.trial - b.trial),
    },
  };
}

function judgeTrial(cell: CellFacts, trial: Trial, tables: TrialTables) {
  const severe = trial.warnings.filter(({ severity }) => severity === 'void');
  const plain = allChecks(evidenceOf(cell, [{ trial, tables, voiding: [] }]));
  const voids = new Set(plain.filter(({ state }) => state === 'void').map(({ name }) => name));
  // Those that did not finish are told of by a check of the cell.
  const voiding = severe.filter(({ code }) => {
    const check = CHECK_OF_WARNING[code] ?? '';
    return check !== 'finished-trials' && !voids.has(check);
  });
  const evidence = { trial, tables, voiding };
  return { evidence, checks: [...plain, ...voidingWarnings(voiding)] };
}

function allChecks(evidence: Evidence): Check[] {
  return [
    ...loadChecks(evidence),
    ...closedModel(evidence),
    ...readinessChecks(evidence),
    ...drift(evidence),
    ...telemetryChecks(evidence),
    ...hostChecks(evidence),
    ...voidingWarnings(evidence.voiding),
  ];
}

function isVoid(checks: readonly Check[], about: Check['about']): boolean {
  return checks.some((check) => check.about === about && check.state === 'void');
}

function reasonsOf(checks: readonly Check[]): string[] {
  return checks
    .filter(({ state }) => state === 'doubtful' || state === 'void')
    .map(({ label, shown }) => `${label}: ${shown}`);
}
