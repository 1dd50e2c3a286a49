import type { RunOutcome } from '../../pipeline/execute-run.ts';
import { renderJson } from '../../report/json.ts';
import { renderTable } from '../../report/terminal.ts';
import type { RunFolder } from '../../store/run-store.ts';
import { printResult, sayKept } from '../terminal/result.ts';

/** What a run measured, however it ended; what ended it is thrown after that. */
export function showOutcome(
  { analysis, failure }: Pick<RunOutcome, 'analysis' | 'failure'>,
  folder: RunFolder,
  json: boolean,
): void {
  if (analysis !== null && analysis.cells.length > 0) {
    printResult(folder, json, (look) =>
      json ? renderJson(analysis) : renderTable(analysis, look),
    );
  }
  if (failure === null) return;
  if (analysis === null) sayKept(folder);
  process.stderr.write(`to go on with it: bench run --resume ${folder.runId}\n`);
}
