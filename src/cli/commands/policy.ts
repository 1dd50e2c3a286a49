import type { Command } from 'commander';

export function addPolicyCommand(program: Command): void {
  program
    .command('policy <task>')
    .description('print the least IAM policy for deploy, run or destroy')
    .option('--backend <names>', 'what is deployed: dynamo, postgres', 'dynamo')
    .action(async (task: string, flags: unknown) => {
      const { policyCommand } = await import('../actions/policy.ts');
      policyCommand(task, flags);
    });
}
