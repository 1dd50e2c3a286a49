import type { Analysis } from '../model/analysis.ts';
import type { GateResult, Verdict } from '../model/gate.ts';
import { comparedBundles } from './bundles.ts';
import { causesOf } from './causes/causes.ts';
import { decideRows, verdictOfRows } from './decide.ts';
import { notesOf } from './notes.ts';
import { lookedAt } from './progress.ts';
import { draftRows } from './rows/all-rows.ts';
import { type GateCell, gateCells, lastRound } from './sides.ts';

/** The verdict on a run that is a gate, of what its analysis holds; null where it is none. */
export function judgeGate(analysis: Analysis): GateResult | null {
  const { run } = analysis;
  const plan = run.plan.gate;
  const looked = lookedAt(run);
  if (plan === null || looked === null) return null;
  const cells = gateCells(analysis, plan);
  const same = run.gate?.ended === 'same_code';
  const rows = same ? [] : decideRows(draftRows(cells, plan, looked, run.bundles), plan.alpha);
  const found = verdictOfRows(rows);
  const verdict: Verdict = same
    ? 'pass'
    : // A run that was killed before its first look says "running" for ever.
      (looked.brokeOff || looked.looks.length === 0) && found === 'pass'
      ? 'inconclusive'
      : found;
  // What a look sees while the run goes on ends it, unless it is inconclusive.
  const asOfNow = run.status === 'running' && verdict !== 'inconclusive' ? 'decided' : 'broke_off';
  return {
    version: 1,
    runId: run.runId,
    createdAt: run.createdAt,
    tool: run.fingerprint.tool,
    mode: plan.mode,
    verdict,
    advisory: plan.mode === 'baseline',
    base: plan.base,
    head: plan.head,
    alpha: plan.alpha,
    rounds: {
      run: lastRound(cells),
      most: plan.maxPairs,
      looks: [...looked.looks],
      ended: run.gate?.ended ?? asOfNow,
      void: cells.flatMap((cell) => cell.void),
    },
    tookS: tookS(cells),
    rows,
    causes: causesOf(rows, cells, run.bundles),
    bundles: comparedBundles(cells, plan, run.bundles),
    notes: same ? [SAME_CODE] : notesOf(analysis, cells, looked),
  };
}

const SAME_CODE =
  'The code of both sides is the same byte for byte: nothing was measured, and nothing needs to be.';

function tookS(cells: readonly GateCell[]): number {
  const windows = cells.flatMap(({ base, head }) =>
    [base, head].flatMap(
      (side) => side?.validity.trials.flatMap(({ window }) => window ?? []) ?? [],
    ),
  );
  if (windows.length === 0) return 0;
  const began = windows.reduce((least, { startedUs }) => Math.min(least, startedUs), Infinity);
  const ended = windows.reduce((most, { endedUs }) => Math.max(most, endedUs), 0);
  return (ended - began) / 1e6;
}
