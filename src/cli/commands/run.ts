import { type Command, Option } from 'commander';
import { addSettings } from './settings.ts';

const RESUME =
  'go on with a run that was cut short: its id, the start of it, latest, or its folder; beside it what results do not hold (headers, files)';

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('measure endpoints under load and write a report')
    .addOption(new Option('--resume <run>', RESUME));
  addSettings(command).action(async (flags: { resume?: string }) => {
    const { resume, ...settings } = flags;
    if (resume !== undefined) {
      const { resumeCommand } = await import('../actions/resume.ts');
      return await resumeCommand(resume, settings);
    }
    const { runCommand } = await import('../actions/run.ts');
    await runCommand(settings);
  });
}
