import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { compareRuns, type Side } from '../../analysis/compare-runs/compare-runs.ts';
import { UsageError } from '../../base/errors.ts';
import type { Analysis } from '../../model/analysis.ts';
import type { Compared } from '../../model/compared.ts';
import { readAnalysis, readLoads } from '../../pipeline/read-analysis.ts';
import { renderComparedJson } from '../../report/compare-json.ts';
import { renderCompared } from '../../report/compare-table.ts';
import { differenceText } from '../../report/compare-words.ts';
import { findRun, type RunFolder } from '../../store/run-store.ts';
import { typedFlags } from '../flags.ts';
import { resultsPath } from '../results-path.ts';

const flagsSchema = z.object({ json: z.boolean().optional(), results: z.string().optional() });

interface Named {
  folder: RunFolder;
  /** As it was written; null: the whole run. */
  cell: string | null;
}

export async function compareCommand(old: string, now: string, raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const results = await resultsPath(flags.results);
  const [a, b] = [namedSide(old, results), namedSide(now, results)];
  if ((a.cell === null) !== (b.cell === null)) {
    throw new UsageError(
      `"${old}" and "${now}": name a cell of both (RUN:CELL) or of neither, to compare every cell`,
    );
  }
  const before = await sideOf(a);
  const oneRun = a.folder.path === b.folder.path;
  const after = oneRun ? sameRun(before, b) : await sideOf(b);
  const compared = compareRuns(before, after);
  if (compared.cells.length === 0) throw new UsageError(nothingToCompare(compared));
  process.stdout.write(
    flags.json === true
      ? renderComparedJson(compared)
      : renderCompared(compared, process.stdout.columns ?? 120),
  );
}

/** `latest`, `RUN`, `RUN:CELL`; a folder's path may hold colons. */
function namedSide(text: string, results: string): Named {
  const colon = text.lastIndexOf(':');
  const whole = colon < 0 || existsSync(join(text, 'run.json'));
  const run = whole ? text : text.slice(0, colon);
  const cell = whole ? null : text.slice(colon + 1);
  if (run === '' || cell === '') {
    throw new UsageError(`"${text}" is not a run, and not RUN:CELL`);
  }
  return { folder: findRun(results, run), cell };
}

async function sideOf({ folder, cell }: Named): Promise<Side> {
  const analysis = await readAnalysis(folder);
  const cellId = cell === null ? null : cellNamed(analysis, cell);
  return { analysis, loads: readLoads(folder), cellId };
}

function sameRun(before: Side, { cell }: Named): Side {
  const { runId } = before.analysis.run;
  if (cell === null) {
    throw new UsageError(
      `both sides are the run ${runId}: name two of its cells, ${runId}:CELL (${cellIds(before.analysis)})`,
    );
  }
  const cellId = cellNamed(before.analysis, cell);
  if (cellId === before.cellId) {
    throw new UsageError(`both sides are ${cellId} of the run ${runId}: name two of its cells`);
  }
  return { ...before, cellId };
}

function cellNamed(analysis: Analysis, named: string): string {
  const ids = analysis.cells.map(({ cell }) => cell.id);
  const matching = ids.includes(named) ? [named] : ids.filter((id) => id.startsWith(named));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only;
  const reason = matching.length > 1 ? `means ${matching.length} cells` : 'is not a cell';
  throw new UsageError(
    `"${named}" ${reason} of the run ${analysis.run.runId}; it has ${cellIds(analysis)}`,
  );
}

function cellIds(analysis: Analysis): string {
  return analysis.cells.map(({ cell }) => cell.id).join(', ');
}

/** The reasons, each once: most are of the runs and the same for every cell. */
function nothingToCompare({ old, new: now, notCompared }: Compared): string {
  const named = ({ runId, cellId }: Compared['old']) =>
    cellId === null ? runId : `${runId}:${cellId}`;
  const whole = `nothing of ${named(old)} and ${named(now)} can be compared`;
  if (notCompared.length === 0) return `${whole}: they have no cell in common`;
  const reasons = notCompared.flatMap(({ cellId, reason, differences }) =>
    differences.length === 0 ? [`${cellId}: ${reason}`] : differences.map(differenceText),
  );
  const lines = [...new Set(reasons)].map((reason) => `  ${reason}`);
  const otherwise = notCompared.some(({ differences }) => differences.length > 0);
  const advice = otherwise
    ? 'measure both under the same conditions'
    : 'the figures of one side or both are void';
  return [`${whole}: ${advice}`, ...lines].join('\n');
}
