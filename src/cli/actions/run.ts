import { prepareResults } from '../../store/prepare-results.ts';
import { confirmLong } from '../planning/confirm.ts';
import { planned } from '../planning/planned.ts';
import { leftOutLine } from '../planning/show-plan.ts';
import { admit } from '../remote/admit.ts';
import { throwWhatFailed } from '../remote/closing.ts';
import { noWill, sessionOf } from '../remote/session-of.ts';
import { enterScope } from '../scope/enter-scope.ts';
import { withSession } from '../session.ts';
import { terminalHere } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';

export async function runCommand(raw: unknown): Promise<void> {
  const asked = await planned(raw);
  const { plan, options, chosen, yes, json } = asked;
  if (options.target === 'local') enterScope();
  for (const { key, because } of chosen.leftOut) {
    process.stderr.write(`${leftOutLine({ name: key, because })}\n`);
  }
  const admitted = await admit(asked, plan, terminalHere());
  if (admitted === null) await confirmLong(plan, yes, terminalHere());
  const warnings = [...asked.warnings, ...prepareResults(options.resultsPath)];
  // What measures takes a third of a second to load: not before it is known that it can.
  const { execute } = await import('./execute.ts');
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
  const { showOutcome } = await import('./show-outcome.ts');
  showOutcome(outcome, folder, json);
  throwWhatFailed(outcome, unclosed);
}
