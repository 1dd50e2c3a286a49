import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ToolError } from '../../base/errors.ts';
import { makeFolder, removeFile, writeFileAtomic } from '../../base/files.ts';
import { gatedPlan } from '../../config/gating/gated-plan.ts';
import type { Analysis } from '../../model/analysis.ts';
import type { Warning } from '../../model/warning.ts';
import { GATE_FILES, gateFiles } from '../../report/verdict/files.ts';
import { renderGateJson } from '../../report/verdict/json.ts';
import { renderGate } from '../../report/verdict/terminal.ts';
import { prepareResults } from '../../store/prepare-results.ts';
import type { RunFolder } from '../../store/run-store.ts';
import { exitNote, gateExitCode } from '../planning/gate-exit.ts';
import { openSides } from '../planning/gate-sides.ts';
import { confirmGate, gateSize } from '../planning/gate-size.ts';
import { gated } from '../planning/gated.ts';
import { leftOutLine } from '../planning/show-plan.ts';
import { admit } from '../remote/admit.ts';
import { throwWhatFailed } from '../remote/closing.ts';
import { noWill, sessionOf } from '../remote/session-of.ts';
import { enterScope } from '../scope/enter-scope.ts';
import { withSession } from '../session.ts';
import { terminalHere } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';
import { printResult, sayKept } from '../terminal/result.ts';

export async function gateCommand(raw: unknown): Promise<void> {
  const asked = await gated(raw);
  const { gate, options, chosen, json, yes } = asked;
  if (options.target === 'local') enterScope();
  for (const { key, because } of chosen.leftOut) {
    process.stderr.write(`${leftOutLine({ name: key, because })}\n`);
  }
  if (gate.outputPath !== null) prepareOutput(gate.outputPath);
  // What measures takes a third of a second to load: not before it is known that it can.
  const { execute } = await import('./execute.ts');
  const progress = createProgress(process.stderr);
  const will = noWill();
  const { outcome, folder, unclosed } = await withSession(
    async (supervisor, signal) => {
      const sides = await openSides(asked, { supervisor, signal, step: progress.step });
      const plan = gatedPlan(asked.plan, gate, sides, asked.baseline);
      progress.end();
      const admitted = await admit(asked, plan, terminalHere());
      if (admitted === null) await confirmGate(plan, yes, terminalHere());
      process.stderr.write(`${gateSize(plan)}\n`);
      return await execute({
        asked,
        plan,
        baseCode: sides.code,
        admitted,
        warnings: [
          ...asked.warnings,
          ...sides.notes.map(noteOf),
          ...prepareResults(options.resultsPath),
        ],
        check: async (tools) => {
          const { baseline } = asked;
          if (gate.sides.kind !== 'baseline' || baseline === null) return;
          const { checkConditions } = await import('../planning/gate-baseline.ts');
          const { path } = gate.sides;
          await checkConditions({ path, baseline }, plan, tools, options.requestTimeoutS);
        },
        progress,
        supervisor,
        signal,
        will,
      });
    },
    sessionOf(options.target, will),
  );
  const { analysis, failure } = outcome;
  if (analysis !== null) showVerdict(analysis, folder, gate.outputPath, json);
  else if (failure !== null) sayKept(folder);
  throwWhatFailed(outcome, unclosed);
  const verdict = analysis?.gate;
  if (verdict == null) throw new ToolError(`the gate ${folder.runId} has no verdict`);
  process.exitCode = gateExitCode(verdict, gate);
  const note = exitNote(verdict, gate);
  if (note !== null) process.stderr.write(`${note}\n`);
}

const REPORT = 'report.html';

/** What an earlier gate left there must not be taken for the verdict of this one. */
function prepareOutput(path: string): void {
  makeFolder(path);
  for (const name of [...GATE_FILES, REPORT]) removeFile(join(path, name));
}

function noteOf(message: string): Warning {
  return { code: 'gate-sides', severity: 'note', message };
}

function showVerdict(
  analysis: Analysis,
  folder: RunFolder,
  outputPath: string | null,
  json: boolean,
): void {
  const { gate } = analysis;
  if (gate === null) return;
  printResult(folder, json, (look) => (json ? renderGateJson(gate) : renderGate(gate, look)));
  if (outputPath === null) return;
  for (const { name, text } of gateFiles(analysis)) {
    writeFileAtomic(join(outputPath, basename(name)), text);
  }
  writeFileAtomic(join(outputPath, REPORT), readFileSync(folder.reportPath));
}
