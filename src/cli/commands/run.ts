import { type Command, Option } from 'commander';

/** Flags as they are written; the values are checked in config/run-options.ts. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('measure endpoints under load and write a report')
    .option('--backend <names>', 'what stands behind the resolvers, with commas between', 'dynamo')
    .option('--memory <MB>', 'memory sizes of the function, with commas between', '1024')
    .option('--front <names>', 'how requests enter: rest-api, function-url', 'rest-api')
    .option('--server <names>', 'variant of the handler')
    .option('--dataset <names>', 'what the backend holds')
    .option(
      '--scenario <name>',
      'ramp (open load), users (the 2019 study), closed (think time)',
      'ramp',
    )
    .option('--rate <n>', 'ramp: requests per second of the hold (default 50)')
    .option('--warm-up <time>', 'ramp, closed: slow start before the ramp (default 3s)')
    .option('--ramp <time>', 'ramp, closed: rise to the full load (default 10s, 5s)')
    .option('--hold <time>', 'ramp, closed: the full load; latency is taken from it (default 20s)')
    .option('--users <n>', 'users: how many, one request each (default 500)')
    .option('--over <time>', 'users: time over which they start (default 30s)')
    .option('--vus <n>', 'closed: virtual users (default 10)')
    .option('--think <time>', 'closed: pause between answer and next request (default 1s)')
    .option('--rounds <n>', 'how often every cell is measured; 5 give intervals', '1')
    .option('--seed <n>', 'of the order and the draws (default 1)')
    .option('--timeout <s>', 'timeout of the function in seconds', '30')
    .option('--request-timeout <time>', 'a request without an answer fails after this', '60s')
    .option('--max-vus <n>', 'the most virtual users k6 may start', '500')
    .option('--results <folder>', 'where runs are kept', 'results')
    .option('--keep-raw', "keep k6's samples (about 1.6 KB a request)")
    .option('--json', 'print the analysis as JSON in place of the table')
    .addOption(
      new Option('--collect-deadline <time>', 'give telemetry up after this')
        .default('60s')
        .hideHelp(),
    )
    .action(async (flags: unknown) => {
      const { runCommand } = await import('../actions/run.ts');
      await runCommand(flags);
    });
}
