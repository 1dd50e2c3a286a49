import { UsageError } from '../../base/errors.ts';
import { type GateOptions, gateOptions } from '../../config/gating/options.ts';
import { GATE_P99_HOLD, GATE_RAMP } from '../../config/gating/table.ts';
import type { CommandSettings } from '../../config/run-options.ts';
import type { Flags } from '../../config/settings/from-flags.ts';
import type { Baseline } from '../../model/gate.ts';
import { configOf, type Planned, plannedOf } from './planned.ts';

/** What `gate` was asked. */
export interface Gated extends Planned {
  gate: GateOptions;
  baseline: Baseline | null;
}

/** From a command line to a checked plan of one side. `raw` are commander's options. */
export async function gated(raw: unknown): Promise<Gated> {
  const flags = raw as Flags;
  const config = await configOf(flags);
  const asked = config?.gate === undefined ? null : { name: config.name, gate: config.gate };
  const gate = gateOptions(flags, asked, process.cwd());
  const { sides } = gate;
  let baseline: Baseline | null = null;
  if (sides.kind === 'baseline') {
    const { storedBaseline } = await import('./gate-baseline.ts');
    // Initialisations are compared with as many.
    ({ baseline, initProbes: gate.initProbes } = storedBaseline(sides.path));
  }
  const plan = await plannedOf(flags, config, commandSettings(gate));
  if (plan.options.deployed !== null && (sides.kind === 'revision' || sides.kind === 'handlers')) {
    throw new UsageError(
      '--target url: what you deployed is there once, so that both sides of the gate would be the same; compare it with a run of before (bench baseline save, then --baseline), or judge its limits (--budgets-only)',
    );
  }
  return { ...plan, gate, baseline };
}

function commandSettings({ sides, metrics, budgets }: GateOptions): CommandSettings {
  const p99 = [...metrics, ...budgets].some(({ metric }) => metric === 'p99');
  const rampDefaults = p99 ? { ...GATE_RAMP, hold: GATE_P99_HOLD } : GATE_RAMP;
  // It was saved of a run, and is compared with the same load.
  if (sides.kind === 'baseline') return {};
  if (sides.kind !== 'handlers') return { rampDefaults };
  const { base, head } = sides;
  return {
    rampDefaults,
    raw: { handler: [head.written] },
    flagNames: { handler: '--head-handler' },
    baseHandler: { file: base.file, exportName: base.exportName },
  };
}
