import type { Command } from 'commander';

export function addLsCommand(program: Command): void {
  program
    .command('ls')
    .description('list runs, the latest last')
    .option('--results <folder>', 'where runs are kept (default: as in bench.config, or results)')
    .option('--json', 'one JSON document a line')
    .action(async (flags: unknown) => {
      const { lsCommand } = await import('../actions/ls.ts');
      await lsCommand(flags);
    });
}
