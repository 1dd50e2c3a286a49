import { Command, CommanderError } from 'commander';
import { errnoOf } from '../base/errors.ts';
import { addBaselineCommand } from './commands/baseline.ts';
import { addCollectCommand } from './commands/collect.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addDeployCommand } from './commands/deploy.ts';
import { addDestroyCommand } from './commands/destroy.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addGateCommand } from './commands/gate.ts';
import { addInitCommand } from './commands/init.ts';
import { addLocalCommand } from './commands/local.ts';
import { addLsCommand } from './commands/ls.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommand } from './commands/run.ts';
import { exitCodeOf, printError } from './exit.ts';
import { version } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0    done; of gate: pass
  1    the tool or something it depends on failed
  2    usage, configuration, path, port or disk
  98   of gate: inconclusive
  99   of gate: a regression
  130  interrupted (143: by SIGTERM)`;

/** Runs one command line; sets the exit code, and only in the end leaves. */
export async function main(argv: readonly string[]): Promise<void> {
  // The reader of a pipe may leave (`bench report --format md | head`): that is no failure.
  process.stdout.on('error', (error) => {
    if (errnoOf(error) === 'EPIPE') process.exit(0);
    throw error;
  });
  const program = new Command('bench')
    .description('How fast, how cold and how dear a GraphQL API on AWS Lambda is, and why.')
    .version(version(), '-V, --version', 'print the version')
    .showHelpAfterError('(see --help)')
    .configureOutput({
      // What follows the "=" of a mistyped flag may be a secret.
      outputError: (text, write) =>
        write(text.replace(/^(error: unknown option '[^'=]*)=.*'/s, "$1'")),
    })
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false });
  for (const add of [
    addRunCommand,
    addPlanCommand,
    addInitCommand,
    addReportCommand,
    addBaselineCommand,
    addCompareCommand,
    addGateCommand,
    addCollectCommand,
    addDeployCommand,
    addDestroyCommand,
    addPolicyCommand,
    addLsCommand,
    addDoctorCommand,
    addLocalCommand,
  ]) {
    add(program);
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end with 0; what commander refuses is usage.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    printError(error);
    process.exitCode = exitCodeOf(error);
  }
}
