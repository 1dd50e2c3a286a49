import type { Command } from 'commander';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description("write a run's report again from what is on disk")
    .argument(
      '[run]',
      'id of the run, the start of one, "latest", or the path of its folder (default: latest)',
    )
    .option(
      '--format <name>',
      'html (writes report.html), json or md (to the standard output)',
      'html',
    )
    .option('--output <file>', 'write there instead')
    .option(
      '--slo <p99=time>',
      'what a latency is to be at most, in place of what the run was told',
    )
    .option(
      '--region <name>',
      'AWS region whose prices costs are computed with (default: that of the run)',
    )
    .option('--results <folder>', 'where runs are kept (default: as in bench.config, or results)')
    .action(async (run: string | undefined, flags: unknown) => {
      const { reportCommand } = await import('../actions/report.ts');
      await reportCommand(run, flags);
    });
}
