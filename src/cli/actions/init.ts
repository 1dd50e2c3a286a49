import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { makeFolder, writeFileAtomic } from '../../base/files.ts';
import { CONFIG_FILES } from '../../config/file/load-config.ts';
import { typedFlags } from '../flags.ts';
import { answersOf } from '../init/answers.ts';
import { type Answers, configText } from '../init/config-text.ts';
import { guess, hasOperations, isFile } from '../init/guess.ts';
import { openAsker, terminalHere } from '../terminal/ask.ts';

const flagsSchema = z.object({
  yes: z.boolean().optional(),
  force: z.boolean().optional(),
  handler: z.string().optional(),
});

const CONFIG = 'bench.config.ts';
const EXAMPLE = `# Every operation in this folder is sent. This one asks no resolver: put yours beside it.
query Example {
  __typename
}
`;

/** Writes bench.config.ts, and an operation where there is none, into the working folder. */
export async function initCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const cwd = process.cwd();
  refuseToOverwrite(cwd, flags.force ?? false);
  const found = guess(cwd);
  const terminal = flags.yes === true ? null : terminalHere();
  const asker = terminal === null ? null : openAsker(terminal);
  let answers: Answers;
  try {
    answers = await answersOf(found, flags.handler, cwd, asker);
  } finally {
    asker?.close();
  }
  const written = [CONFIG];
  writeFileAtomic(join(cwd, CONFIG), configText(answers));
  const folder = resolve(cwd, answers.operations);
  if (answers.handler !== null && !isFile(folder) && !hasOperations(folder)) {
    makeFolder(folder);
    writeFileAtomic(join(folder, 'Example.graphql'), EXAMPLE);
    written.push(`${answers.operations}/Example.graphql`);
  }
  process.stdout.write(next(written, answers, cwd));
}

function refuseToOverwrite(cwd: string, force: boolean): void {
  const there = CONFIG_FILES.find((name) => existsSync(join(cwd, name)));
  if (there === undefined || (there === CONFIG && force)) return;
  const advice = there === CONFIG ? 'overwrite it with --force' : 'take it away first';
  throw new UsageError(`${there} is here already; ${advice}`);
}

function next(written: readonly string[], answers: Answers, cwd: string): string {
  const lines = [
    ...written.map((path) => `wrote ${path}`),
    answers.handler === null
      ? 'no handler of yours: it measures the reference API (bench init --handler FILE#EXPORT)'
      : `it measures ${answers.handler} with the operations in ${answers.operations}`,
    'next: "bench plan" says what would be measured, "bench run" measures it',
  ];
  if (!installed(cwd)) {
    lines.push('for its types in your editor: npm install --save-dev graphql-lambda-bench');
  }
  return `${lines.join('\n')}\n`;
}

function installed(cwd: string): boolean {
  const folders = createRequire(join(cwd, CONFIG)).resolve.paths('graphql-lambda-bench') ?? [];
  return folders.some((folder) => existsSync(join(folder, 'graphql-lambda-bench')));
}
