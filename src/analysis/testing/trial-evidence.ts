import {
  type CellFacts,
  type Evidence,
  evidenceOf,
  type TrialTables,
} from '../validity/evidence.ts';
import { cellOf, trialOf } from './trial-files.ts';

/** What the checks look at: trials in which all went well but for what is said of their tables. */
export function trialEvidence(
  tables: readonly Partial<TrialTables>[],
  own: Partial<CellFacts> = {},
): Evidence {
  const { id, endpoint, profile } = cellOf(1024);
  const cell: CellFacts = {
    endpoint,
    profile,
    rateAskedPerS: 10,
    cores: 2,
    cpuMode: 'quota',
    severalMemorySizes: false,
    ...own,
  };
  return evidenceOf(
    cell,
    tables.map((changed, index) => ({
      trial: trialOf(id, index + 1, 400),
      tables: {
        requests: 400,
        failed: 0,
        ratePerS: 10,
        busyUs: 1e6,
        initUs: 0,
        breakdownRows: 400,
        holdReached: 400,
        holdWarm: 0,
        stretchesMs: [],
        hiddenByStalls: null,
        ...changed,
      },
      voiding: [],
    })),
  );
}
