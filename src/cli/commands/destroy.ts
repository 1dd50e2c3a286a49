import type { Command } from 'commander';

export function addDestroyCommand(program: Command): void {
  program
    .command('destroy')
    .description('remove what was deployed to AWS, with everything in it')
    .option(
      '--run <id>',
      'what this run deployed: its id, or the beginning of it (default: the only one there is)',
    )
    .option('--expired', 'everything of bench whose time is over')
    .option('--region <name>', 'AWS region (default: that of AWS_REGION, or us-east-1)')
    .option('--yes', 'do not ask')
    .action(async (flags: unknown) => {
      const { destroyCommand } = await import('../actions/destroy.ts');
      await destroyCommand(flags);
    });
}
