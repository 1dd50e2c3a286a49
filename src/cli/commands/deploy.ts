import type { Command } from 'commander';
import type { SettingKey } from '../../config/settings/table.ts';
import { addSettings } from './settings.ts';

/** What a deployment has no use for, or what is settled. */
const NOTHING_HERE: readonly SettingKey[] = [
  ...([
    'target',
    'keep',
    'results',
    'keepRaw',
    'profile',
    'json',
    'traceSample',
    'url',
    'iOwnThis',
  ] as const),
  ...(['handler', 'operations', 'variables', 'schema', 'envFile', 'runtime'] as const),
  ...(['postgresUrl', 'postgresConnections'] as const),
];

export function addDeployCommand(program: Command): void {
  const command = program
    .command('deploy')
    .description('deploy the endpoints of a plan to AWS, for runs to come');
  addSettings(command, {
    defaults: { target: 'aws' },
    hidden: NOTHING_HERE,
  })
    .option('--synth <folder>', 'write the CloudFormation templates there, and stop')
    .action(async (flags: unknown) => {
      const { deployCommand } = await import('../actions/deploy.ts');
      await deployCommand(flags);
    });
}
