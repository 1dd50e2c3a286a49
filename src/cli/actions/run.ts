import type { RunOutcome } from '../../pipeline/execute-run.ts';
import { renderJson } from '../../report/json.ts';
import { renderTable } from '../../report/terminal.ts';
import { prepareResults } from '../../store/prepare-results.ts';
import type { RunFolder } from '../../store/run-store.ts';
import { confirmLong } from '../planning/confirm.ts';
import { planned } from '../planning/planned.ts';
import { leftOutLine } from '../planning/show-plan.ts';
import { admit } from '../remote/admit.ts';
import { throwWhatFailed } from '../remote/closing.ts';
import { noWill, sessionOf } from '../remote/session-of.ts';
import { withSession } from '../session.ts';
import { terminalHere } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';
import { printResult, sayKept } from '../terminal/result.ts';
import { execute } from './execute.ts';

export async function runCommand(raw: unknown): Promise<void> {
  const asked = await planned(raw);
  const { plan, options, chosen, yes, json } = asked;
  for (const { key, because } of chosen.leftOut) {
    process.stderr.write(`${leftOutLine({ name: key, because })}\n`);
  }
  const admitted = await admit(asked, plan, terminalHere());
  if (admitted === null) await confirmLong(plan, yes, terminalHere());
  const warnings = [...asked.warnings, ...prepareResults(options.resultsPath)];
  const progress = createProgress(process.stderr);
  const will = noWill();
  const { outcome, folder, unclosed } = await withSession(
    (supervisor, signal) =>
      execute({
        asked,
        plan,
        baseCode: null,
        admitted,
        warnings,
        progress,
        supervisor,
        signal,
        will,
      }),
    sessionOf(options.target, will),
  );
  showOutcome(outcome, folder, json);
  throwWhatFailed(outcome, unclosed);
}

function showOutcome({ analysis, failure }: RunOutcome, folder: RunFolder, json: boolean): void {
  if (analysis !== null && analysis.cells.length > 0) {
    printResult(folder, json, (look) =>
      json ? renderJson(analysis) : renderTable(analysis, look),
    );
  }
  if (failure !== null && analysis === null) sayKept(folder);
}
