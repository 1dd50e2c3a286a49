import type { Command } from 'commander';
import { addSettings } from './settings.ts';

export function addDeployCommand(program: Command): void {
  const command = program
    .command('deploy')
    .description('deploy the endpoints of a plan to AWS, for runs to come');
  addSettings(command, {
    defaults: { target: 'aws' },
    hidden: ['target', 'keep', 'results', 'keepRaw', 'json', 'iOwnThis', 'traceSample'],
  })
    .option('--synth <folder>', 'write the CloudFormation templates there, and stop')
    .action(async (flags: unknown) => {
      const { deployCommand } = await import('../actions/deploy.ts');
      await deployCommand(flags);
    });
}
