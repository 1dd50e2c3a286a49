import { cacheFolder } from '../../base/cache.ts';
import { newRunId } from '../../base/run-id.ts';
import { executeRun, type RunOutcome } from '../../pipeline/execute-run.ts';
import type { Tools } from '../../pipeline/types.ts';
import { renderJson } from '../../report/json.ts';
import { renderTable } from '../../report/terminal.ts';
import { prepareResults } from '../../store/prepare-results.ts';
import { type RunFolder, runFolder } from '../../store/run-store.ts';
import { confirmLong } from '../planning/confirm.ts';
import { planned } from '../planning/planned.ts';
import { leftOutLine } from '../planning/show-plan.ts';
import { localTools } from '../registry.ts';
import { withSession } from '../session.ts';
import { terminalHere } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';
import { shownPath } from '../terminal/shown-path.ts';

export async function runCommand(raw: unknown): Promise<void> {
  const { plan, options, chosen, backends, warnings, yes, json } = await planned(raw);
  for (const { key, because } of chosen.leftOut) {
    process.stderr.write(`${leftOutLine({ name: key, because })}\n`);
  }
  await confirmLong(plan, yes, terminalHere());
  const noticed = [...warnings, ...prepareResults(options.resultsPath)];
  const createdAt = new Date();
  const folder = runFolder(options.resultsPath, newRunId(createdAt));
  const progress = createProgress(process.stderr);
  const outcome = await withSession(async (supervisor, signal) => {
    let tools: Tools | undefined;
    try {
      tools = await localTools(supervisor, signal, backends, progress.step);
      return await executeRun({
        plan,
        folder,
        createdAt,
        tools,
        settings: {
          keepRaw: options.keepRaw,
          requestTimeoutS: options.requestTimeoutS,
          maxVus: options.maxVus,
          headers: options.headers,
          backendOptions: options.backendOptions,
          cacheFolder: cacheFolder(process.env),
          baseCode: null,
          collectDeadlineMs: options.collectDeadlineS * 1000,
        },
        warnings: noticed,
        sink: progress.sink,
        signal,
      });
    } finally {
      progress.end();
      await tools?.target.close();
    }
  });
  showOutcome(outcome, folder, json);
  if (outcome.failure !== null) throw outcome.failure;
}

function showOutcome({ analysis, failure }: RunOutcome, folder: RunFolder, json: boolean): void {
  if (analysis !== null && analysis.cells.length > 0) {
    const width = process.stdout.columns ?? 120;
    const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
    const text = json ? renderJson(analysis) : renderTable(analysis, { width, colour });
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    const last = `report: ${shownPath(folder.reportPath)}\n`;
    (json ? process.stderr : process.stdout).write(last);
  }
  if (failure !== null && analysis === null && folder.trials().length > 0) {
    process.stderr.write(`what was measured is kept: bench report ${folder.runId}\n`);
  }
}
