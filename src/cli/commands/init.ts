import type { Command } from 'commander';

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('write a bench.config.ts for this project')
    .option('--yes', 'ask nothing')
    .option('--force', 'overwrite the bench.config.ts that is here')
    .option('--handler <file[#export]>', 'the handler to measure (default: what is found here)')
    .action(async (flags: unknown) => {
      const { initCommand } = await import('../actions/init.ts');
      await initCommand(flags);
    });
}
