import type { Command } from 'commander';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what this machine has, and what each thing lacking costs')
    .option('--results <folder>', 'where runs are kept (default: as in bench.config, or results)')
    .option('--json', 'as JSON')
    .action(async (flags: unknown) => {
      const { doctorCommand } = await import('../actions/doctor.ts');
      await doctorCommand(flags);
    });
}
