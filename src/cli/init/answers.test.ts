import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAsker } from '../terminal/ask.ts';
import { answersOf } from './answers.ts';
import { configText } from './config-text.ts';
import type { Guess } from './guess.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bench-answers-'));
  for (const file of ['found.ts', 'mine.ts', 'bootstrap']) writeFileSync(join(cwd, file), '');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const FOUND: Guess = {
  handlers: ['found.ts#handler', 'other.ts#graphql'],
  operations: 'ops',
  variables: null,
  schema: 'schema.graphql',
  envFile: null,
};
const NOTHING: Guess = {
  handlers: [],
  operations: null,
  variables: null,
  schema: null,
  envFile: null,
};

async function asked(found: Guess, typed: string) {
  const input = new PassThrough();
  const output = new PassThrough();
  const asker = openAsker({ input, output });
  input.end(typed);
  const answers = await answersOf(found, undefined, cwd, asker);
  asker.close();
  return answers;
}

describe('answers', () => {
  test('are the guesses where nothing is asked or nothing is said', async () => {
    const guesses = { handler: 'found.ts#handler', operations: 'ops', variables: null };
    expect(await answersOf(FOUND, undefined, cwd, null)).toMatchObject(guesses);
    expect(await asked(FOUND, '\n\n\n')).toMatchObject(guesses);
    expect(await asked(FOUND, '')).toMatchObject(guesses);
  });

  test('are what is typed; a handler that is no file is asked for again', async () => {
    expect(await asked(FOUND, 'nowhere.ts\nmine.ts\nmy/ops\nusers.csv\n')).toMatchObject({
      handler: 'mine.ts#handler',
      operations: 'my/ops',
      variables: 'users.csv',
    });
  });

  test('may be the reference API', async () => {
    expect((await asked(FOUND, 'none\n')).handler).toBe(null);
    expect((await asked(NOTHING, '\n')).handler).toBe(null);
  });

  test('of a flag are taken as they are', async () => {
    expect((await answersOf(FOUND, './mine.ts#go', cwd, null)).handler).toBe('mine.ts#go');
    await expect(answersOf(FOUND, 'none.ts', cwd, null)).rejects.toThrow(
      /^--handler: there is no file/,
    );
  });
});

describe('the file', () => {
  test('marks paths as relative and quotes them', () => {
    const text = configText({
      handler: "it's.ts#handler",
      operations: '/absolute/ops',
      variables: null,
      schema: null,
      envFile: null,
    });
    expect(text).toContain("handler: './it\\'s.ts#handler',");
    expect(text).toContain("operations: '/absolute/ops',");
    expect(text).not.toContain('runtime');
  });

  test('names the runtime of an executable', async () => {
    const answers = await answersOf(NOTHING, 'bootstrap', cwd, null);
    expect(answers.handler).toBe('bootstrap');
    expect(configText(answers)).toContain("runtime: 'provided.al2023',");
  });
});
