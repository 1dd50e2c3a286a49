import { resolve } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../base/cache.ts';
import { parseDurationS } from '../../base/duration.ts';
import { newRunId } from '../../base/run-id.ts';
import { expandPlan } from '../../config/expand-plan.ts';
import { parseRunFlags, runFlagsSchema } from '../../config/run-options.ts';
import { executeRun } from '../../pipeline/execute-run.ts';
import type { Tools } from '../../pipeline/types.ts';
import { renderJson } from '../../report/json.ts';
import { renderTable } from '../../report/terminal.ts';
import { prepareResults } from '../../store/prepare-results.ts';
import { runFolder } from '../../store/run-store.ts';
import { typedFlags } from '../flags.ts';
import { localOffer, localTools } from '../registry.ts';
import { withSession } from '../session.ts';
import { createProgress } from '../terminal/progress.ts';
import { shownPath } from '../terminal/shown-path.ts';

const flagsSchema = runFlagsSchema.extend({ collectDeadline: z.string() });

export async function runCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const options = parseRunFlags(flags);
  const plan = expandPlan(options, localOffer());
  const resultsPath = resolve(flags.results);
  const warnings = prepareResults(resultsPath);
  const createdAt = new Date();
  const folder = runFolder(resultsPath, newRunId(createdAt));
  const progress = createProgress(process.stderr);
  const outcome = await withSession(async (supervisor, signal) => {
    let tools: Tools | undefined;
    try {
      tools = await localTools(supervisor, signal, progress.step);
      return await executeRun({
        plan,
        folder,
        createdAt,
        tools,
        settings: {
          keepRaw: flags.keepRaw ?? false,
          requestTimeoutS: options.requestTimeoutS,
          maxVus: options.maxVus,
          headers: options.headers,
          backendOptions: options.backendOptions,
          cacheFolder: cacheFolder(process.env),
          collectDeadlineMs: parseDurationS(flags.collectDeadline, '--collect-deadline') * 1000,
        },
        warnings,
        sink: progress.sink,
        signal,
      });
    } finally {
      progress.end();
      await tools?.target.close();
    }
  });
  const { analysis, failure } = outcome;
  if (analysis !== null && analysis.cells.length > 0) {
    const width = process.stdout.columns ?? 120;
    const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
    const text =
      flags.json === true ? renderJson(analysis) : renderTable(analysis, { width, colour });
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    const last = `report: ${shownPath(folder.reportPath)}\n`;
    (flags.json === true ? process.stderr : process.stdout).write(last);
  }
  if (failure === null) return;
  const measured = folder.trials().length > 0;
  if (analysis === null && measured) {
    process.stderr.write(`what was measured is kept: bench report ${folder.runId}\n`);
  }
  throw failure;
}
