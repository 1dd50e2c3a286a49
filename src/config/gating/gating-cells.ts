import { UsageError } from '../../base/errors.ts';
import { LEAST_REQUESTS_OF_P99 } from '../../model/gate.ts';
import type { Cell } from '../../model/run.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import type { GateOptions } from './options.ts';

/** The cells a pattern means: `*` stands for any letters, the rest for itself. */
function cellsOf(pattern: string, cells: readonly Cell[], named: string): Cell[] {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w-]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  const found = cells.filter(({ id }) => whole.test(id));
  if (found.length > 0) return found;
  const ids = cells.map(({ id }) => id).join(', ');
  throw new UsageError(`${named}: "${pattern}" matches no cell; there is ${ids}`);
}

/** The cells that gate, in the plan's order. Throws UsageError for a pattern that matches none. */
export function gatingCells(cells: readonly Cell[], { cells: asked }: GateOptions): Cell[] {
  const found = new Set(asked.patterns.flatMap((pattern) => cellsOf(pattern, cells, asked.named)));
  if (found.size === 0) throw new UsageError(`${asked.named}: it names no cell`);
  return cells.filter((cell) => found.has(cell));
}

type Budget = GateOptions['budgets'][number];

/** The limits of each cell that gates: of several for one metric the last. */
export function budgetsOf(
  cells: readonly Cell[],
  gating: readonly Cell[],
  { budgets }: GateOptions,
): (Budget & { cell: Cell })[] {
  const chosen = new Map<string, Budget & { cell: Cell }>();
  for (const budget of budgets) {
    for (const cell of cellsOf(budget.pattern, cells, budget.named)) {
      if (gating.includes(cell)) chosen.set(`${cell.id} ${budget.metric}`, { ...budget, cell });
    }
  }
  return [...chosen.values()];
}

/** Throws UsageError where the hold gives too few requests for a p99, saying what to raise. */
export function checkRequestsOfP99({ id, profile }: Cell, named: string): void {
  const { most, advice } = requestsOfHold(profile);
  if (most !== null && most >= LEAST_REQUESTS_OF_P99) return;
  const there =
    most === null ? 'their number is not known before the run' : `there are ${Math.floor(most)}`;
  throw new UsageError(
    `${named}: p99 needs ${LEAST_REQUESTS_OF_P99} requests of the hold in every trial, and of ${id} ${there}; ${advice}`,
  );
}

/** The most requests a hold can give, and how it gives enough. */
function requestsOfHold(profile: LoadProfile): { most: number | null; advice: string } {
  const needed = LEAST_REQUESTS_OF_P99;
  switch (profile.kind) {
    case 'ramp':
    case 'burst': {
      const { ratePerS, holdS } = profile;
      const rate = Math.ceil(needed / holdS);
      if (profile.kind === 'burst' && profile.rateFromHost) {
        return { most: null, advice: `write --rate ${rate} or more` };
      }
      const advice = `raise --hold to ${Math.ceil(needed / ratePerS)}s, or --rate to ${rate}`;
      return { most: ratePerS * holdS, advice };
    }
    case 'users':
      return { most: profile.users, advice: `raise --users to ${needed}` };
    case 'cold':
      return { most: profile.coldStarts, advice: `raise --cold-starts to ${needed}` };
    case 'closed': {
      // As if every answer came at once; what came in truth is counted later.
      const { vus, thinkTimeS, holdS } = profile;
      const most = thinkTimeS === 0 ? Number.POSITIVE_INFINITY : (vus * holdS) / thinkTimeS;
      return { most, advice: 'raise --hold or --vus' };
    }
  }
}
