import type { Command } from 'commander';
import { addSettings } from './settings.ts';

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('measure endpoints under load and write a report');
  addSettings(command).action(async (flags: unknown) => {
    const { runCommand } = await import('../actions/run.ts');
    await runCommand(flags);
  });
}
