import type { Look } from '../../report/terminal/text.ts';
import type { RunFolder } from '../../store/run-store.ts';
import { shownPath } from './shown-path.ts';

/** Prints what a run gave and where its report is; JSON stands alone on the standard output. */
export function printResult(
  folder: RunFolder,
  json: boolean,
  render: (look: Look) => string,
): void {
  const width = process.stdout.columns ?? 120;
  const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  const text = render({ width, colour });
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  const last = `report: ${shownPath(folder.reportPath)}\n`;
  (json ? process.stderr : process.stdout).write(last);
}

/** Of a run whose report could not be made: what was measured is there for later. */
export function sayKept(folder: RunFolder): void {
  if (folder.trials().length === 0) return;
  process.stderr.write(`what was measured is kept: bench report ${folder.runId}\n`);
}
