import { relative } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { handlerOf } from '../../config/settings/own-handlers.ts';
import type { Asker } from '../terminal/ask.ts';
import { type Answers, isModule } from './config-text.ts';
import type { Guess } from './guess.ts';

/** Where operations go in a project that has none. */
const EXAMPLE_FOLDER = 'bench/operations';

/** The likeliest without an asker. Throws UsageError for a --handler that is no file. */
export async function answersOf(
  found: Guess,
  given: string | undefined,
  cwd: string,
  asker: Asker | null,
): Promise<Answers> {
  const handler =
    given === undefined ? await handlerAsked(found, cwd, asker) : checked(given, '--handler', cwd);
  const others = { schema: found.schema, envFile: found.envFile };
  const operations = found.operations ?? EXAMPLE_FOLDER;
  const { variables } = found;
  if (handler === null || asker === null) return { handler, operations, variables, ...others };
  return {
    handler,
    operations:
      (await asker.ask(`folder of its .graphql operations [${operations}] `)) || operations,
    variables:
      (await asker.ask(`file or folder of their variables [${variables ?? 'none'}] `)) || variables,
    ...others,
  };
}

/** Asks until the answer is a file, `none`, or nothing. */
async function handlerAsked(
  { handlers }: Guess,
  cwd: string,
  asker: Asker | null,
): Promise<string | null> {
  const [likeliest = null, ...others] = handlers;
  if (asker === null) return likeliest;
  const usual = likeliest ?? 'none: the reference API';
  const also = others.length === 0 ? '' : ` (also here: ${others.slice(0, 4).join(', ')})`;
  const question = `your handler, as file#export${also} [${usual}] `;
  let problem = '';
  for (;;) {
    const answer = await asker.ask(problem + question);
    if (answer === '') return likeliest;
    if (answer === 'none') return null;
    try {
      return checked(answer, 'handler', cwd);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problem = `${error.message}\n`;
    }
  }
}

/** The handler from here, if it is a file; an executable has no export. */
function checked(written: string, named: string, cwd: string): string {
  const { file, exportName } = handlerOf(written, named, cwd);
  const fromHere = relative(cwd, file);
  const path = fromHere.startsWith('..') ? file : fromHere;
  return isModule(path) ? `${path}#${exportName}` : path;
}
