import { threeDigits } from '../../base/numbers.ts';
import type { GateResult } from '../../model/gate.ts';
import { intervalKind } from '../format.ts';
import { type Tracked, trackedFigures, UNITS } from './tracked.ts';
import { changeText, rowName, VERDICT_WORDS } from './words.ts';

/** An entry that benchmark-action/github-action-benchmark reads with `tool: customSmallerIsBetter`. */
interface Entry {
  name: string;
  unit: string;
  value: number;
  range?: string;
  extra: string;
}

/**
 * The figures of head for a history in github-action-benchmark (src/extract.ts, BenchmarkResult).
 * `range` and `extra` are shown as they are. null where there is no figure: the action refuses a file
 * without entries.
 */
export function renderGithubActionBenchmark(result: GateResult): string | null {
  const entries = trackedFigures(result).map((tracked) => entryOf(tracked, result));
  return entries.length === 0 ? null : `${JSON.stringify(entries, null, 2)}\n`;
}

function entryOf({ row, value, low, high }: Tracked, result: GateResult): Entry {
  const { head, base, verdict } = row;
  const hasInterval = low !== null && high !== null;
  const against = base === null ? [] : [`change ${changeText(row)}`];
  const extra = [
    `${VERDICT_WORDS[verdict]}: ${row.reason}`,
    ...against,
    ...(hasInterval ? [`range: ${intervalKind(head)}`] : []),
    `run ${result.runId}`,
  ];
  return {
    // What a guard or a budget is may change from run to run; the series may not.
    name: `${row.cellId} ${rowName({ ...row, guard: false, kind: 'ratio' })}`,
    unit: UNITS[row.metric],
    value,
    ...(hasInterval ? { range: `[${threeDigits(low)}, ${threeDigits(high)}]` } : {}),
    extra: extra.join('\n'),
  };
}
