import type { Analysis } from '../model/analysis.ts';
import { CHECK_OF_WARNING, type Warning } from '../model/warning.ts';

/** Something that makes a number doubtful. `cell` is its index, or -1 where it is of the whole run. */
export interface Concern {
  severity: Warning['severity'];
  cell: number;
  text: string;
}

const ORDER: Record<Warning['severity'], number> = { void: 0, doubtful: 1, note: 2 };

/** Checks of validity that did not pass and warnings, worst first, nothing twice. */
export function concernsOf(analysis: Analysis): Concern[] {
  const concerns: Concern[] = [];
  const said = new Set<string>();
  analysis.cells.forEach(({ cell, validity }, index) => {
    const repeats = onlyRepeats(analysis, index);
    for (const check of validity.checks) {
      if (check.state !== 'doubtful' && check.state !== 'void') continue;
      if (check.name === 'voiding-warnings' && repeats) continue;
      // The list of what is left out has each of them with its reason.
      if (check.name === 'trials-left-out' && check.state === 'doubtful') continue;
      said.add(`${cell.id} ${check.name}`);
      const text = `${check.label}: ${check.shown} (sound: ${check.threshold})`;
      concerns.push({ severity: check.state, cell: index, text });
    }
  });
  const repeated = new Map<string, number>();
  for (const { code, severity, message, cellId, trial } of analysis.warnings) {
    if (said.has(`${cellId} ${CHECK_OF_WARNING[code]}`)) continue;
    const cell = analysis.cells.findIndex((one) => one.cell.id === cellId);
    if (isSaidOnce(analysis, cell, code)) continue;
    // What is wrong with a trial that is left out is in no figure; why it is left out is listed.
    const of = analysis.cells[cell]?.validity.trials.find((one) => one.trial === trial);
    if (of?.used === false) continue;
    const key = JSON.stringify([severity, cell, message]);
    const times = (repeated.get(key) ?? 0) + 1;
    repeated.set(key, times);
    if (times === 1) concerns.push({ severity, cell, text: message });
  }
  for (const concern of concerns) {
    const key = JSON.stringify([concern.severity, concern.cell, concern.text]);
    const times = repeated.get(key) ?? 1;
    if (times > 1) concern.text += ` (${times} times)`;
  }
  return concerns.sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** What follows of there being no known function behind an endpoint, which `client-side-only` says. */
const OF_CLIENT_SIDE = [
  ...['xray-unavailable', 'logs-unavailable', 'cloudwatch-unavailable'],
  ...['no-traces', 'no-reports', 'no-metrics'],
];

function isSaidOnce({ cells }: Analysis, cell: number, code: string): boolean {
  return cells[cell]?.cell.endpoint.memoryMb === null && OF_CLIENT_SIDE.includes(code);
}

/** Each voiding warning of the cell is listed itself or said by a check that voids the cell too. */
function onlyRepeats({ cells, warnings }: Analysis, index: number): boolean {
  const cell = cells[index];
  const voiding = warnings.filter((w) => w.severity === 'void' && w.cellId === cell?.cell.id);
  const milder = cell?.validity.checks.filter(({ state }) => state === 'doubtful') ?? [];
  return (
    voiding.length > 0 &&
    voiding.every(({ code }) => milder.every(({ name }) => name !== CHECK_OF_WARNING[code]))
  );
}
