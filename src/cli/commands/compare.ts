import type { Command } from 'commander';

const EXAMPLES = `
A run is its id, the start of one, "latest", or the path of its folder; a cell is its id or the
start of one. Cells of two runs are compared by their ids; two cells of one run by round.

  bench compare 20261120 latest
  bench compare latest:dynamo-512 latest:dynamo-1024`;

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('say what changed from one run to another, or from one cell to another')
    .argument('<old>', 'a run, or run:cell')
    .argument('<new>', 'a run, or run:cell')
    .option('--json', 'as JSON')
    .option('--results <folder>', 'where runs are kept (default: as in bench.config, or results)')
    .addHelpText('after', EXAMPLES)
    .action(async (old: string, now: string, flags: unknown) => {
      const { compareCommand } = await import('../actions/compare.ts');
      await compareCommand(old, now, flags);
    });
}
