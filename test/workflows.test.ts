import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../src/base/package-root.ts';
import { type Action, readYaml, type Step, type Workflow } from './workflow-runner.ts';

/** What holds for the action, the workflows of this repository, and those docs/ci.md offers to copy. */
const FOLDER = '.github/workflows';
const WORKFLOWS: [string, Workflow][] = readdirSync(join(packageRoot(), FOLDER)).map((name) => [
  name,
  readYaml<Workflow>(join(FOLDER, name)),
]);
const ACTION = readYaml<Action>('action.yml');
const COPIED = [
  ...readFileSync(join(packageRoot(), 'docs/ci.md'), 'utf8').matchAll(
    /^```yaml\n# \.github\/workflows\/(\S+)\n(.*?)^```$/gms,
  ),
].map(([, name = '', text = '']): [string, string] => [name, text]);
const OFFERED = COPIED.map(([name, text]): [string, Workflow] => [`docs: ${name}`, parse(text)]);

function stepsOf({ jobs }: Workflow): Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

const ALL: [string, Step[]][] = [
  ['action.yml', ACTION.runs.steps],
  ...[...WORKFLOWS, ...OFFERED].map(([name, flow]): [string, Step[]] => [name, stepsOf(flow)]),
];

test.each(ALL)('%s: expressions reach no script, actions are pinned by commit', (_, steps) => {
  for (const { run, uses } of steps) {
    expect(run ?? '').not.toContain('${{');
    if (uses?.startsWith('actions/')) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40}$/);
  }
});

/** Of the actions at the commits they are pinned to, as their action.yml names them; actionlint knows tags only. */
const INPUTS: Record<string, string[]> = {
  'actions/checkout': ['fetch-depth', 'persist-credentials'],
  'actions/setup-node': ['node-version', 'package-manager-cache'],
  'actions/setup-go': ['go-version', 'cache-dependency-path'],
  'actions/cache/restore': ['path', 'key', 'restore-keys'],
  'actions/cache/save': ['path', 'key'],
  'actions/upload-artifact': ['name', 'path', 'if-no-files-found', 'retention-days', 'overwrite'],
};

test.each(ALL)('%s: gives other actions inputs they have', (_, steps) => {
  for (const { uses = '', with: given = {} } of steps) {
    const known = INPUTS[uses.split('@')[0] ?? ''] ?? Object.keys(ACTION.inputs);
    expect(known, uses).toEqual(expect.arrayContaining(Object.keys(given)));
  }
});

test.each([...WORKFLOWS, ...OFFERED])('%s: no more rights than it needs', (name, workflow) => {
  const triggers = Object.keys(workflow.on);
  expect(triggers).not.toContain('pull_request_target');
  if (!triggers.includes('workflow_run')) {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    return;
  }
  expect(workflow.permissions).toEqual({ actions: 'read', 'pull-requests': 'write' });
  // Nothing of the pull request is checked out, so nothing of it can be run.
  expect(
    stepsOf(workflow).filter(({ uses }) => uses !== undefined),
    name,
  ).toEqual([]);
});

test('the comment workflow offered is the one this repository has', () => {
  const [, own] = WORKFLOWS.find(([name]) => name === 'gate-comment.yml') ?? [];
  const [, offered] = OFFERED.find(([name]) => name === 'docs: gate-comment.yml') ?? [];
  expect({ ...offered, on: own?.on }).toEqual(own);
});

describe('action.yml as metadata', () => {
  test('every input and output has a description, every input a default, and all are used', () => {
    const text = readFileSync(join(packageRoot(), 'action.yml'), 'utf8');
    for (const [name, input] of Object.entries(ACTION.inputs)) {
      expect(Object.keys(input)).toEqual(['description', 'default']);
      expect(typeof input.default, name).toBe('string');
      expect(text).toMatch(new RegExp(`inputs\\.${name}\\b`));
    }
    for (const output of Object.values(ACTION.outputs)) {
      expect(Object.keys(output)).toEqual(['description', 'value']);
    }
  });

  test('what a composite action may hold, and nothing else', () => {
    expect(ACTION.runs.using).toBe('composite');
    const ids = ACTION.runs.steps.map(({ id }) => id).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const step of ACTION.runs.steps) {
      const known = ['id', 'name', 'if', 'env'];
      known.push(
        ...(step.run === undefined ? ['uses', 'with'] : ['run', 'shell', 'working-directory']),
      );
      expect(Object.keys(step).filter((key) => !known.includes(key))).toEqual([]);
      if (step.run !== undefined) expect(step.shell).toBe('bash');
      for (const [, id] of JSON.stringify(step).matchAll(/steps\.([\w-]+)\./g)) {
        expect(ids).toContain(id);
      }
    }
  });
});

test('docs/ci.md names every input with its default', () => {
  const text = readFileSync(join(packageRoot(), 'docs/ci.md'), 'utf8');
  for (const [name, input] of Object.entries(ACTION.inputs)) {
    const shown = input.default === '' ? '' : `\`${input.default}\``;
    expect(text).toContain(`| \`${name}\` | ${shown}`);
  }
});

describe('actionlint', { timeout: 300_000 }, () => {
  const RUN = join(packageRoot(), 'scripts/actionlint/run.sh');

  function actionlint(args: readonly string[], input = ''): ReturnType<typeof spawnSync> {
    return spawnSync('sh', [RUN, ...args], { input, encoding: 'utf8' });
  }

  /** Where there is no Go to build it with, only GitHub's runners must have it. */
  function mustBeHad(): boolean {
    return process.env.GITHUB_ACTIONS === 'true';
  }

  test('finds nothing in the workflows, the action or what the docs offer', ({ skip }) => {
    const ended = actionlint([]);
    skip(ended.status === 4 && !mustBeHad(), String(ended.stderr));
    expect(ended.status, `${ended.stdout}${ended.stderr}`).toBe(0);
    for (const [name, text] of COPIED) {
      const copied = actionlint(['-stdin-filename', `${FOLDER}/${name}`, '-'], text);
      expect(copied.status, `${name}: ${copied.stdout}`).toBe(0);
    }
    expect(COPIED.map(([name]) => name)).toEqual(['gate.yml', 'gate-comment.yml']);
  });

  test('knows the inputs of this action', ({ skip }) => {
    const text = readFileSync(join(packageRoot(), FOLDER, 'ci.yml'), 'utf8');
    const ended = actionlint(
      ['-stdin-filename', `${FOLDER}/ci.yml`, '-'],
      text.replace('budget: 8m', 'budgets: 8m'),
    );
    skip(ended.status === 4 && !mustBeHad(), String(ended.stderr));
    expect(ended.stdout).toMatch(/input "budgets" is not defined/);
  });
});
