import { dirname, resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { REMOTE_DEADLINE_S } from '../../config/run-options.ts';
import type { ConfigSettings } from '../../config/settings/choose.ts';
import { type Flags, rawFromFlags } from '../../config/settings/from-flags.ts';
import { flagOf, SETTINGS } from '../../config/settings/table.ts';
import { positiveS } from '../../config/settings/values.ts';
import type { Run } from '../../model/run.ts';
import type { RunOutcome } from '../../pipeline/execute-run.ts';
import { planLeft, type Remainder, remainderOf } from '../../pipeline/remainder.ts';
import { analyseFolder } from '../../pipeline/replay.ts';
import { beginResume, completeTrials } from '../../pipeline/resume-run.ts';
import { checkMachine } from '../../pipeline/same-conditions.ts';
import { prepareResults } from '../../store/prepare-results.ts';
import { lockRun } from '../../store/run-lock.ts';
import { findRun, type RunFolder, type TrialFolder } from '../../store/run-store.ts';
import { confirmLong } from '../planning/confirm.ts';
import { configOf } from '../planning/planned.ts';
import { resumedPlan } from '../planning/resumed.ts';
import { admit } from '../remote/admit.ts';
import { throwWhatFailed } from '../remote/closing.ts';
import { noWill, sessionOf } from '../remote/session-of.ts';
import { enterScope } from '../scope/enter-scope.ts';
import { withSession } from '../session.ts';
import { terminalHere } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';
import { COLLECTORS } from '../tools.ts';
import { execute } from './execute.ts';
import { showOutcome } from './show-outcome.ts';

interface ResumeJob {
  folder: RunFolder;
  run: Run;
  flags: Flags;
  config: ConfigSettings | null;
}

/** `bench run --resume`: goes on with a run whose process has ended before its plan was done. */
export async function resumeCommand(named: string, flags: Flags): Promise<void> {
  const config = await configOf(flags);
  const given = rawFromFlags(flags);
  const results = given.results ?? config?.raw.results ?? SETTINGS.results.default;
  const folder = findRun(resolve(process.cwd(), results), named);
  // Before the run is locked: it is this process that goes on.
  if (folder.readRun().plan.target === 'local') enterScope();
  const unlock = lockRun(folder.path);
  try {
    await goOn({ folder, run: folder.readRun(), flags, config });
  } finally {
    unlock();
  }
}

async function goOn(job: ResumeJob): Promise<void> {
  const { folder, run, flags } = job;
  if (run.plan.gate !== null) {
    throw new UsageError(
      `--resume: ${run.runId} is a gate, which seeks its verdict within one time budget and does not go on later\n  "bench report ${run.runId}" judges the rounds there are; "bench gate" begins anew`,
    );
  }
  const warnings = prepareResults(dirname(folder.path));
  let remainder = remainderOf(run, folder);
  const completed = await complete(job, remainder);
  if (completed !== null) remainder = remainderOf(run, folder);
  const all = run.plan.cells.length * run.plan.rounds;
  if (remainder.kept.size === all) return await finish(job, remainder, completed ?? []);
  sayRemainder(run, remainder, all);
  const asked = await resumedPlan(run, folder, flags, job.config);
  const left = planLeft(run.plan, remainder.kept);
  const admitted = await admit(asked, left, terminalHere());
  if (admitted === null) await confirmLong(left, asked.yes, terminalHere());
  const progress = createProgress(process.stderr);
  const will = noWill();
  const { outcome, unclosed } = await withSession(
    (supervisor, signal) =>
      execute({
        asked,
        plan: run.plan,
        baseCode: null,
        admitted,
        warnings,
        continued: {
          folder,
          left,
          resumed: {
            run,
            kept: remainder.kept,
            begin: (record) => beginResume(record, folder, remainder, completed ?? []),
          },
        },
        check: async ({ fingerprint }) => {
          warnings.push(...checkMachine(run, fingerprint));
        },
        progress,
        supervisor,
        signal,
        will,
      }),
    sessionOf(asked.options.target, will),
  );
  showOutcome(outcome, folder, asked.json);
  throwWhatFailed(outcome, unclosed);
}

/** What was measured and not yet joined, without any load; null: there was no such trial. */
async function complete(
  { run, flags }: ResumeJob,
  { completable }: Remainder,
): Promise<TrialFolder[] | null> {
  if (completable.length === 0) return null;
  const { keepRaw, collectDeadline } = rawFromFlags(flags);
  const deadlineS =
    collectDeadline === undefined
      ? REMOTE_DEADLINE_S
      : positiveS(collectDeadline, flagOf('collectDeadline'));
  const progress = createProgress(process.stderr);
  try {
    return await withSession((_, signal) =>
      completeTrials(run, completable, {
        tools: { collectors: COLLECTORS },
        settings: {
          keepRaw: keepRaw ?? false,
          collectDeadlineMs: 1000 * deadlineS,
        },
        sink: progress.sink,
        signal,
      }),
    );
  } finally {
    progress.end();
  }
}

/** Nothing is left to measure: what comes after the last trial may be. */
async function finish(
  { folder, run, flags }: ResumeJob,
  remainder: Remainder,
  completed: readonly TrialFolder[],
): Promise<void> {
  const given = rawFromFlags(flags);
  const unprofiled = given.profile === true ? '; --profile is of cells with trials left' : '';
  process.stderr.write(
    `run ${run.runId}: every trial is there, nothing is left to measure${unprofiled}\n`,
  );
  if (run.status !== 'finished' || completed.length > 0) {
    beginResume(run, folder, remainder, completed);
    run.status = 'finished';
    folder.writeRun(run);
  }
  const outcome: Pick<RunOutcome, 'analysis' | 'failure'> = {
    analysis: await analyseFolder(folder),
    failure: null,
  };
  showOutcome(outcome, folder, given.json ?? false);
}

function sayRemainder(run: Run, { kept, repeated }: Remainder, all: number): void {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  say(`run ${run.runId}: ${kept.size} of ${all} trials are there`);
  for (const { folder, why } of repeated) {
    say(`again: ${folder.cellId} ${folder.trial}, ${why}`);
  }
  if (run.plan.target === 'aws' && run.status === 'running') {
    say(`what it had deployed may still stand: bench destroy --run ${run.runId} removes it`);
  }
}
