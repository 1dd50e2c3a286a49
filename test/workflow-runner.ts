import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../src/base/package-root.ts';

/** As much of GitHub's runner as the files of this repository use: their `run` steps, run one by one. */

export interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  shell?: string;
  env?: Record<string, string>;
  run?: string;
  'working-directory'?: string;
}

export interface Job {
  if?: string;
  env?: Record<string, string>;
  steps: Step[];
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

export interface Action {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: Step[] };
}

export function readYaml<T>(path: string): T {
  return parse(readFileSync(join(packageRoot(), path), 'utf8')) as T;
}

/** What expressions see: `{ inputs: {…}, github: {…}, steps: {…} }`. */
export type Contexts = Record<string, unknown>;

/** The value of an expression of `&&`, `==`, `!=`, literals in quotes, `always()` and contexts. */
function evaluated(expression: string, contexts: Contexts): unknown {
  const both = expression.split('&&');
  if (both.length > 1) return both.every((part) => truthy(evaluated(part, contexts)));
  const [left = '', operator, right] = expression.split(/([!=]=)/).map((part) => part.trim());
  if (right !== undefined) {
    const same =
      String(evaluated(left, contexts) ?? '') === String(evaluated(right, contexts) ?? '');
    return operator === '==' ? same : !same;
  }
  if (left === 'always()') return true;
  const literal = /^'([^']*)'$/.exec(left)?.[1];
  if (literal !== undefined) return literal;
  if (!/^[a-z][\w.-]*$/i.test(left)) throw new Error(`no expression we know: ${left}`);
  return left
    .split('.')
    .reduce<unknown>((value, key) => (value as Contexts | null | undefined)?.[key], contexts);
}

function truthy(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value !== '');
}

/** Replaces `${{ … }}`; what there is not is empty, as on GitHub. */
export function substituted(text: unknown, contexts: Contexts): string {
  return String(text).replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression) =>
    String(evaluated(expression.trim(), contexts) ?? ''),
  );
}

export interface Ran {
  /** By id or name, in order; of those that were not left out. */
  ran: string[];
  /** What each `uses` step was given. */
  used: { uses: string; with: Record<string, string> }[];
  /** Exit code of the first step that failed, else 0. */
  code: number;
  /** stdout and stderr of all. */
  log: string;
  summary: string;
  steps: Record<string, { outputs: Record<string, string> }>;
}

/** Runs the steps as a runner would, each in bash; a step of `uses` is only noted down. */
export function runSteps(
  steps: readonly Step[],
  job: {
    contexts: Contexts;
    /** The workspace. */
    cwd: string;
    env: Record<string, string | undefined>;
    temp: string;
    /** What `uses` steps answer, by id. */
    outputsOf?: Record<string, Record<string, string>>;
  },
): Ran {
  const done: Ran = { ran: [], used: [], code: 0, log: '', summary: '', steps: {} };
  const summaryFile = join(job.temp, 'summary');
  writeFileSync(summaryFile, '');
  for (const step of steps) {
    const contexts = { ...job.contexts, steps: done.steps };
    const condition = step.if ?? '';
    if (done.code !== 0 && !condition.includes('always()')) continue;
    if (condition !== '' && !truthy(evaluated(condition, contexts))) continue;
    done.ran.push(step.id ?? step.name ?? step.uses ?? '');
    if (step.uses !== undefined) {
      const given = Object.entries(step.with ?? {}).map(([key, value]) => [
        key,
        substituted(value, contexts),
      ]);
      done.used.push({ uses: step.uses, with: Object.fromEntries(given) });
      if (step.id !== undefined) {
        done.steps[step.id] = { outputs: job.outputsOf?.[step.id] ?? {} };
      }
      continue;
    }
    const folder = mkdtempSync(join(job.temp, 'step-'));
    const outputFile = join(folder, 'output');
    const script = join(folder, 'script.sh');
    writeFileSync(outputFile, '');
    writeFileSync(script, substituted(step.run, contexts));
    const env = Object.entries(step.env ?? {}).map(([key, value]) => [
      key,
      substituted(value, contexts),
    ]);
    const files = { GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile };
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: join(job.cwd, substituted(step['working-directory'] ?? '.', contexts)),
      env: { ...job.env, ...Object.fromEntries(env), ...files, RUNNER_TEMP: job.temp },
      encoding: 'utf8',
    });
    done.log += ended.stdout + ended.stderr;
    if (done.code === 0) done.code = ended.status ?? 1;
    if (step.id !== undefined) {
      const lines = readFileSync(outputFile, 'utf8').split('\n').filter(Boolean);
      const outputs = lines.map((line) => [
        line.slice(0, line.indexOf('=')),
        line.slice(line.indexOf('=') + 1),
      ]);
      done.steps[step.id] = { outputs: Object.fromEntries(outputs) };
    }
  }
  done.summary = readFileSync(summaryFile, 'utf8');
  return done;
}
