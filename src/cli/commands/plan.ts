import type { Command } from 'commander';
import { addSettings } from './settings.ts';

export function addPlanCommand(program: Command): void {
  const command = program
    .command('plan')
    .description('say what run would do with the same flags, and do nothing');
  addSettings(command).action(async (flags: unknown) => {
    const { planCommand } = await import('../actions/plan.ts');
    await planCommand(flags);
  });
}
