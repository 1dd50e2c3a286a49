import type { Command } from 'commander';

export function addCollectCommand(program: Command): void {
  program
    .command('collect')
    .description('read telemetry of a run on AWS that came late, and report again')
    .argument(
      '[run]',
      'id of the run, the start of one, "latest", or the path of its folder (default: latest)',
    )
    .option('--wait <time>', 'how long to wait for what is not there yet, a trial', '30s')
    .option('--results <folder>', 'where runs are kept (default: as in bench.config, or results)')
    .action(async (run: string | undefined, flags: unknown) => {
      const { collectCommand } = await import('../actions/collect.ts');
      await collectCommand(run, flags);
    });
}
