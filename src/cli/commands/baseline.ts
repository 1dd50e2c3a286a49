import type { Command } from 'commander';

const EXAMPLES = `
Kept are the trials that count of every cell with at least 3 of them; of a gate those of head.

  bench run --rounds 10
  bench baseline save > bench-baseline.json
  bench gate --baseline bench-baseline.json`;

export function addBaselineCommand(program: Command): void {
  const baseline = program
    .command('baseline')
    .description('keep what a run measured, for later gates to compare with');
  baseline
    .command('save')
    .description("write a run's trials with the conditions they were measured under, as JSON")
    .option(
      '--run <run>',
      'id of the run, the start of one, "latest", or the path of its folder',
      'latest',
    )
    .option('--output <file>', 'write there instead of to the standard output')
    .option('--results <folder>', 'where runs are kept (default: as in bench.config, or results)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: unknown) => {
      const { saveBaselineCommand } = await import('../actions/baseline.ts');
      await saveBaselineCommand(flags);
    });
}
