import type { Command } from 'commander';

export function addLsCommand(program: Command): void {
  program
    .command('ls')
    .description('list runs, the latest last; or what stands on AWS')
    .option('--results <folder>', 'where runs are kept (default: as in bench.config, or results)')
    .option('--target <name>', 'aws: what bench has deployed there')
    .option('--region <name>', 'target aws: its region (default: that of AWS_REGION, or us-east-1)')
    .option('--json', 'one JSON document a line')
    .action(async (flags: unknown) => {
      const { lsCommand } = await import('../actions/ls.ts');
      await lsCommand(flags);
    });
}
