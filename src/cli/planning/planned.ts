import { expandPlan, gapsOf } from '../../config/expand-plan.ts';
import { loadConfig } from '../../config/file/load-config.ts';
import {
  type CommandSettings,
  type ResolvedOptions,
  resolveOptions,
} from '../../config/run-options.ts';
import type { ConfigSettings } from '../../config/settings/choose.ts';
import type { Flags } from '../../config/settings/from-flags.ts';
import type { Backend } from '../../model/ports.ts';
import type { Plan } from '../../model/run.ts';
import type { Warning } from '../../model/warning.ts';
import { type Places, placesOf } from '../registry.ts';

/** What `run` would do and `plan` tells. */
export interface Planned extends ResolvedOptions {
  plan: Plan;
  backends: ReadonlyMap<string, Backend>;
  /** What is known of endpoints that the user deployed; null where there are none. */
  places: Places['endpoints'];
  /** Combinations that were asked for and one backend does not have. */
  gaps: string[];
  /** What is odd about the user's files. */
  warnings: readonly Warning[];
  /** Of the command line only. */
  yes: boolean;
  json: boolean;
}

/** From a command line to a checked plan. `raw` are commander's options. */
export async function planned(raw: unknown): Promise<Planned> {
  const flags = raw as Flags;
  return await plannedOf(flags, await configOf(flags), {});
}

/** The configuration that flags name, or that of the working folder, or none. */
export function configOf(flags: Flags): Promise<ConfigSettings | null> {
  return loadConfig(flags.config as string | undefined, process.cwd());
}

export async function plannedOf(
  flags: Flags,
  config: ConfigSettings | null,
  command: CommandSettings,
): Promise<Planned> {
  const surroundings = { cwd: process.cwd(), env: process.env };
  const resolved = resolveOptions(flags, config, surroundings, command);
  const { options, chosen } = resolved;
  const { offer, backends, endpoints, warnings } = await placesOf(options);
  return {
    ...resolved,
    plan: expandPlan(options, offer, chosen.named),
    backends,
    places: endpoints,
    gaps: gapsOf(options, offer),
    warnings,
    yes: chosen.raw('yes') ?? false,
    json: chosen.raw('json') ?? false,
  };
}
