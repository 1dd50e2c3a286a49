import { shortened, shortSha256 } from '../../base/digest.ts';
import { UsageError } from '../../base/errors.ts';
import { FACTOR_NAMES, levelText } from '../../model/cell-names.ts';
import { FINGERPRINT_NAMES, loadName, weightsText } from '../../model/condition-names.ts';
import { type Endpoint, FACTORS, levelOf } from '../../model/endpoint.ts';
import type { LoadFacts } from '../../model/load-facts.ts';
import type { Cell, Fingerprint, Plan } from '../../model/run.ts';
import type { LoadProfile } from '../../model/scenario.ts';
import { withoutRevision } from '../../model/sides.ts';

/** What must be equal for the trials of two runs to be compared, as text by name. */
export type Conditions = Record<string, string>;

/** Known before anything is measured. */
export interface Asked {
  plan: Pick<Plan, 'target' | 'region' | 'initProbes' | 'cells'>;
  fingerprint: Fingerprint;
  /** What the trials of a cell ask, by its id in the plan. */
  loads: ReadonlyMap<string, LoadFacts>;
}

export interface AskedConditions {
  conditions: Conditions;
  /** By ids without the revision; of a gate's cells those of head. */
  cells: { cellId: string; conditions: Conditions }[];
}

/** Of the initialisations before the load; without any, init is of environments under load. */
export const INIT_PROBES = 'initialisations before each trial';

/** The machine makes the figures of the local target, and its Node.js runs the handlers. */
const OF_LOCAL = ['arch', 'cpuModel', 'cpuMode', 'cores', 'node'] as const;

/** Throws UsageError where it is not known what a cell is asked. */
export function conditionsOf({ plan, fingerprint, loads }: Asked): AskedConditions {
  const keys = plan.target === 'local' ? ([...OF_LOCAL, 'k6'] as const) : (['k6'] as const);
  return {
    conditions: {
      target: plan.target,
      // Whose prices costs are at; on AWS the endpoints are there.
      region: plan.region,
      ...Object.fromEntries(keys.map((key) => [FINGERPRINT_NAMES[key], String(fingerprint[key])])),
      [INIT_PROBES]: String(plan.initProbes),
    },
    cells: plan.cells
      .filter(({ endpoint }) => endpoint.revision !== 'base')
      .map((cell) => ({
        cellId: withoutRevision(cell.id),
        conditions: {
          ...endpointConditions(cell.endpoint),
          ...profileConditions(cell.profile),
          ...loadConditions(loadOf(cell, loads)),
        },
      })),
  };
}

function loadOf(cell: Cell, loads: Asked['loads']): LoadFacts {
  const load = loads.get(cell.id);
  if (load !== undefined) return load;
  throw new UsageError(
    `what the trials of ${cell.id} asked is not on disk (raw/load-plan.json): measure it again`,
  );
}

function endpointConditions(endpoint: Endpoint): Conditions {
  const conditions: Conditions = {};
  for (const factor of FACTORS) {
    if (factor === 'revision') continue;
    // Baselines of before have no word of it.
    if (factor === 'responseStreaming' && !endpoint.responseStreaming) continue;
    const level = levelOf(endpoint, factor);
    conditions[FACTOR_NAMES[factor]] = level === null ? 'none' : levelText(factor, level);
  }
  conditions.runtime = endpoint.runtime ?? 'unknown';
  conditions['timeout of the function (s)'] = String(endpoint.timeoutS ?? 'unknown');
  return conditions;
}

function profileConditions(profile: LoadProfile): Conditions {
  const { kind, ...settings } = profile;
  // A rate that is taken from the host is measured by each run.
  const measured = profile.kind === 'burst' && profile.rateFromHost;
  const fields = Object.entries(settings).filter(([field]) => !(measured && field === 'ratePerS'));
  return {
    scenario: kind,
    ...Object.fromEntries(fields.map(([field, value]) => [loadName(field), String(value)])),
  };
}

function loadConditions({ requestTimeoutS, operations }: LoadFacts): Conditions {
  const conditions: Conditions = {
    'request timeout (s)': String(requestTimeoutS),
    operations: weightsText(operations),
  };
  for (const { name, query, rows, rowsSha256 } of operations) {
    conditions[`query of ${name}`] = shortSha256(query);
    conditions[`variables of ${name}`] = `${rows} rows, ${shortened(rowsSha256)}`;
  }
  return conditions;
}
