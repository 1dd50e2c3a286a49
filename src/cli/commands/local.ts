import type { Command } from 'commander';

export function addLocalCommand(program: Command): void {
  program
    .command('local')
    .description('run a function in the local Lambda until interrupted, for development')
    .requiredOption(
      '--handler <file[#export]>',
      'a module and its export (default "handler"), or an executable',
    )
    .option('--runtime <name>', 'nodejs24.x, or provided.al2023 for an executable', 'nodejs24.x')
    .option('--memory <MB>', 'memory size of the function', '1024')
    .option('--timeout <s>', 'timeout of the function in seconds', '30')
    .option('--env-file <file>', "the function's variables, a NAME=value a line; never stored")
    .option('--front <name>', 'function-url, http-api, rest-api or invoke', 'function-url')
    .option('--provisioned-concurrency <n>', 'environments initialised before any request', '0')
    .option('--reserved-concurrency <n>', 'invocations at a time at most; the rest is throttled')
    .option('--port <n>', 'port of the front, 0 for any free one (default: 0)')
    .option('--log-format <name>', 'text or json, of what the platform and the runtime log', 'text')
    .option('--invoke-mode <name>', 'function-url: buffered (default) or response-stream')
    .option('--stage <name>', 'rest-api (default: bench), http-api (default: $default)')
    .option('--stage-variables <list>', 'rest-api, http-api: NAME=value with commas between')
    .option('--resource <path>', 'rest-api: its resource, e.g. /{proxy+} (default: /graphql)')
    .option('--binary-media-types <list>', 'rest-api: types whose bodies are bytes, e.g. image/*')
    .option('--minimum-compression-size <bytes>', 'rest-api: compress answers from this length on')
    .option('--integration-timeout <ms>', 'rest-api: 50 to 29000 (default: 29000)')
    .option('--json', 'print one line of JSON with the addresses and keys when ready')
    .action(async (flags: unknown) => {
      const { localCommand } = await import('../actions/local.ts');
      await localCommand(flags);
    });
}
