import { estimateCost } from '../../analysis/cost/estimate/index.ts';
import { asksFirst, expectedS, trialsOf } from '../../config/expected-time.ts';
import { type Chosen, keysOfSide, sideOf } from '../../config/settings/choose.ts';
import { LOAD_DEFAULTS, USERS_SAID_BY } from '../../config/settings/load-profile.ts';
import { foreignTo } from '../../config/settings/remote.ts';
import {
  flagOf,
  LOAD_KEYS,
  type LoadKey,
  type SettingKey,
  settingOf,
} from '../../config/settings/table.ts';
import { FACTORS, type Factor, levelOf } from '../../model/endpoint.ts';
import type { Cell } from '../../model/run.ts';
import { costContext } from '../remote/cost-context.ts';
import { shownPath } from '../terminal/shown-path.ts';
import type { CostFields } from './cost-lines.ts';
import type { Planned } from './planned.ts';
import { resourcesOf, stackShapes } from './planned-resources.ts';

export interface DescribedSetting {
  name: string;
  flag: string;
  /** Of a secret: which headers there are, and no value. */
  value: string | string[];
  /** `default`, the flag, or the configuration's file. */
  source: string;
}

/** `bench plan --json`: what a run would do. */
export interface PlanDocument {
  version: 1;
  settings: DescribedSetting[];
  /** Settings of the configuration that a flag made meaningless. */
  leftOut: { name: string; because: string }[];
  /** Combinations that were asked for and a backend does not have: it has no cell of them. */
  gaps: string[];
  operations: { name: string; weight: number; share: number }[];
  cells: Cell[];
  rounds: number;
  trials: number;
  /** Seconds of all trials; seeding, bundling and starting come on top. */
  expectedS: number;
  /** Whether `run` asks first, or takes --yes. */
  asksFirst: boolean;
  warnings: string[];
  /** null of the local target. */
  remote: CostFields | null;
}

export function describePlan(asked: Planned): PlanDocument {
  const { plan, chosen, options, gaps, warnings } = asked;
  const weights = plan.operations.reduce((sum, { weight }) => sum + weight, 0);
  return {
    version: 1,
    settings: [
      ...keysOfSide(sideOf(chosen))
        .filter((key) => !foreignTo(options.target).includes(key))
        .flatMap((key) => describe(key, chosen, options.profile.kind, plan.cells)),
      ...endpointsIn(options),
    ],
    leftOut: chosen.leftOut.map(({ key, because }) => ({ name: key, because })),
    gaps,
    operations: plan.operations.map((one) => ({ ...one, share: one.weight / weights })),
    cells: plan.cells,
    rounds: plan.rounds,
    trials: trialsOf(plan),
    expectedS: expectedS(plan),
    asksFirst: asksFirst(plan) || options.remote !== null,
    warnings: warnings.map(({ message }) => message),
    remote: costOf(asked),
  };
}

/** Endpoints that the user deployed: each with its address and its function, and no header. */
function endpointsIn({ deployed }: Planned['options']): DescribedSetting[] {
  if (deployed === null) return [];
  return deployed.endpoints.map(({ name, url, functionName, qualifier, named }) => {
    const alias = qualifier === null ? '' : `:${qualifier}`;
    const behind = functionName === null ? [] : [`function ${functionName}${alias}`];
    const value = [url ?? 'Invoke', ...behind].join(', ');
    return { name, flag: '--url', value, source: named };
  });
}

/** Costs are estimated of the plan alone: nothing is asked. */
function costOf({ plan, options, places }: Planned): CostFields | null {
  const context = costContext(options, places);
  if (context === null || options.remote === null) return null;
  const { maxCostUsd, maxRequests, maxTimeS, architecture } = options.remote;
  return {
    cost: estimateCost(plan, context),
    resources: options.target === 'aws' ? resourcesOf(stackShapes(plan, architecture)) : null,
    caps: { maxCostUsd, maxRequests, maxTimeS },
  };
}

/** Settings that change what is printed, not what is measured; an endpoint has a row of its own. */
const UNTOLD: readonly SettingKey[] = ['config', 'yes', 'json', 'url'];

/** Nothing of a setting that says nothing here. */
function describe(
  key: SettingKey,
  chosen: Chosen,
  kind: keyof typeof LOAD_DEFAULTS,
  cells: readonly Cell[],
): DescribedSetting[] {
  if (UNTOLD.includes(key) || (key === 'maxVus' && USERS_SAID_BY[kind] !== undefined)) return [];
  const source = chosen.source(key);
  const { hidden, default: usual } = settingOf(key);
  if (source === 'default' && hidden === true) return [];
  const value =
    source === 'default'
      ? (usual ?? loadDefault(key, kind) ?? levelsOf(key, cells))
      : written(key, chosen);
  if (value === null) return [];
  if (key === 'rounds' && chosen.source('preset') !== 'default') return [];
  const from = { default: 'default', flag: flagOf(key), config: chosen.named(key) }[source];
  return [{ name: key, flag: flagOf(key), value, source: from }];
}

function loadDefault(key: SettingKey, kind: keyof typeof LOAD_DEFAULTS): string | null {
  const load: Partial<Record<LoadKey, string>> = LOAD_DEFAULTS[kind];
  const own = LOAD_KEYS.find((one) => one === key);
  return own === undefined ? null : (load[own] ?? null);
}

/** What the backends' own defaults came to. */
function levelsOf(key: SettingKey, cells: readonly Cell[]): string[] | null {
  const factor = FACTORS.find((one): one is Factor => one === key);
  if (factor === undefined) return null;
  const levels = cells.flatMap(({ endpoint }) => levelOf(endpoint, factor) ?? []);
  return levels.length === 0 ? null : [...new Set(levels)];
}

function written(key: SettingKey, chosen: Chosen): string | string[] {
  const raw = chosen.raw(key) ?? '';
  const { path, secret } = settingOf(key);
  if (secret === true) return typeof raw === 'object' ? Object.keys(raw) : 'not shown';
  if (typeof raw === 'boolean') return raw ? 'on' : 'off';
  const shown = (text: string) => (path === true ? shownPath(text) : text);
  if (typeof raw === 'string') return shown(raw);
  if (Array.isArray(raw)) return raw.map(shown);
  return Object.entries(raw).map(([name, weight]) => `${name}=${weight}`);
}
