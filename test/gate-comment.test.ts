import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import {
  COMMENT_MARKER as MARKER,
  MOST_COMMENT_CHARACTERS as MOST,
} from '../src/report/verdict/markdown.ts';
import { type Ran, readYaml, runSteps, substituted, type Workflow } from './workflow-runner.ts';

/** The workflow that posts a gate's comment, with a gh that notes down what it is called with. */
const { jobs } = readYaml<Workflow>('.github/workflows/gate-comment.yml');
const JOB = jobs.comment;
const SHA = 'a'.repeat(40);
const CONTEXTS = {
  github: {
    token: 'token',
    repository: 'owner/name',
    event: { workflow_run: { id: 11, event: 'pull_request', head_sha: SHA } },
  },
};
const GH = `#!/bin/sh
echo "$*" >> "$FAKE/calls"
case "$*" in
  *actions/runs/11/artifacts*) cat "$FAKE/artifacts.json" ;;
  *"run download 11 --repo owner/name --name graphql-lambda-bench-comment --dir "*)
    while [ "$1" != --dir ]; do shift; done
    cp -R "$FAKE/artifact" "$2" ;;
  *pulls/7*) cat "$FAKE/head" ;;
  *--paginate*issues/7/comments*) cat "$FAKE/comments.json" ;;
  *"--method "*) while [ "$1" != --input ]; do shift; done; cp "$2" "$FAKE/body.json" ;;
  *) exit 1 ;;
esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-comment-'));
  for (const name of ['bin', 'temp', 'artifact']) mkdirSync(join(folder, name));
  write('bin/gh', GH);
  chmodSync(join(folder, 'bin/gh'), 0o755);
  write('calls', '');
  write('head', SHA);
  artifacts([{ expired: false, size_in_bytes: 900 }]);
  comments([]);
  write('artifact/pull-request', '7\n');
  write('artifact/comment.md', `${MARKER}\n**FAIL** p50 "grew" by $(id) · 3 ms\n`);
  return () => rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function artifacts(list: object[]): void {
  write('artifacts.json', JSON.stringify({ total_count: list.length, artifacts: list }));
}

/** Pages of comments, as gh prints them one after the other. */
function comments(...pages: { id: number; user: { login: string }; body: string }[][]): void {
  write('comments.json', pages.map((page) => JSON.stringify(page)).join('\n'));
}

function run(): Ran {
  if (JOB === undefined) throw new Error('there is no job comment');
  const env = Object.entries(JOB.env ?? {}).map(([name, value]) => [
    name,
    substituted(value, CONTEXTS),
  ]);
  const own = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, FAKE: folder };
  return runSteps(JOB.steps, {
    contexts: CONTEXTS,
    cwd: folder,
    temp: join(folder, 'temp'),
    env: { ...own, ...Object.fromEntries(env) },
  });
}

/** What was written to GitHub: method and path. */
function written(): string[] {
  const calls = readFileSync(join(folder, 'calls'), 'utf8');
  return [...calls.matchAll(/--method (\w+ \S+)/g)].map(([, call = '']) => call);
}

function posted(): string {
  return JSON.parse(readFileSync(join(folder, 'body.json'), 'utf8')).body;
}

test('the first run posts the comment as it is', () => {
  expect(run().code).toBe(0);
  expect(written()).toEqual(['POST repos/owner/name/issues/7/comments']);
  expect(posted()).toBe(readFileSync(join(folder, 'artifact/comment.md'), 'utf8'));
});

test('the next one changes it in place: that of the bot, on whatever page', () => {
  const bot = { login: 'github-actions[bot]' };
  comments(
    [
      { id: 1, user: { login: 'someone' }, body: `${MARKER}\nnot the bot's` },
      { id: 2, user: bot, body: `of another workflow, which quotes ${MARKER}` },
    ],
    [{ id: 3, user: bot, body: `${MARKER}\nof the commit before` }],
  );
  expect(run().code).toBe(0);
  expect(written()).toEqual(['PATCH repos/owner/name/issues/comments/3']);
  expect(posted()).toContain('FAIL');
});

test('the longest comment is posted, though it has more bytes', () => {
  write('artifact/comment.md', `${MARKER}\n`.padEnd(MOST, '·'));
  expect(run().code).toBe(0);
  expect(posted()).toHaveLength(MOST);
});

test.each<[string, () => void, RegExp]>([
  ['a number with a command', () => write('artifact/pull-request', '7; gh'), /not a number/],
  ['a path', () => write('artifact/pull-request', '../7'), /not a number/],
  ['two lines', () => write('artifact/pull-request', '7\n8'), /not a number/],
  ['no number', () => rmSync(join(folder, 'artifact/pull-request')), /no file pull-request/],
  ['no marker', () => write('artifact/comment.md', 'Approved!'), /gate's marker/],
  ['marker elsewhere', () => write('artifact/comment.md', `\n${MARKER}`), /gate's marker/],
  ['too long', () => write('artifact/comment.md', MARKER.padEnd(MOST + 1, 'x')), /longer/],
  ['a link', linked, /no file comment\.md/],
  ['a huge artifact', () => artifacts([{ expired: false, size_in_bytes: 5e8 }]), /no comment/],
])('%s: refused, nothing is posted', (_, spoil, message) => {
  spoil();
  const ran = run();
  expect(ran.log).toMatch(message);
  expect(ran.log).toMatch(/::error::/);
  expect(ran.code).toBe(1);
  expect(written()).toEqual([]);
});

function linked(): void {
  rmSync(join(folder, 'artifact/comment.md'));
  write('secret', `${MARKER} secret`);
  symlinkSync(join(folder, 'secret'), join(folder, 'artifact/comment.md'));
}

test("a pull request with another head: someone else's, or a newer commit's; nothing is posted", () => {
  write('head', 'b'.repeat(40));
  const ran = run();
  expect(ran.code).toBe(0);
  expect(ran.log).toMatch(/::warning::the head of #7 is not the commit/);
  expect(written()).toEqual([]);
});

test('a run without a comment says so', () => {
  artifacts([{ expired: true, size_in_bytes: 900 }]);
  const ran = run();
  expect(ran.code).toBe(0);
  expect(ran.log).toContain('nothing to post');
  expect(existsSync(join(folder, 'temp/comment'))).toBe(false);
});
