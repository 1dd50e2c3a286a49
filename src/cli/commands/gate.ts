import { type Command, Option } from 'commander';
import { GATE_FLAG_KEYS, GATE_RAMP, gateFlagName, gateFlagOf } from '../../config/gating/table.ts';
import { addSettings } from './settings.ts';

const EXAMPLES = `
It takes every flag of run, and one of four things to compare with:

  bench gate --against origin/main --build "npm ci"
  bench gate --base-handler old.js --head-handler new.js --operations ops
  bench gate --baseline bench-baseline.json
  bench gate --budgets-only

Exit codes: 0 pass, 99 a regression, 98 inconclusive, others as of run.`;

export function addGateCommand(program: Command): void {
  const command = program
    .command('gate')
    .description('say whether a change makes it slower: pass, fail or inconclusive');
  for (const key of GATE_FLAG_KEYS) {
    const { help, placeholder, default: fixed, shownDefault } = gateFlagOf(key);
    const usual = fixed ?? shownDefault;
    const written = placeholder === undefined ? '' : ` ${placeholder}`;
    const stands = usual === undefined ? '' : ` (default: ${usual})`;
    command.addOption(new Option(`${gateFlagName(key)}${written}`, `${help}${stands}`));
  }
  addSettings(command, { defaults: GATE_RAMP, hidden: ['rounds', 'preset'] })
    .addHelpText('after', EXAMPLES)
    .action(async (flags: unknown) => {
      const { gateCommand } = await import('../actions/gate.ts');
      await gateCommand(flags);
    });
}
