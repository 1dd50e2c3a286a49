import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from '../src/base/cache.ts';
import { packageRoot } from '../src/base/package-root.ts';
import { COMMENT_MARKER } from '../src/report/verdict/markdown.ts';
import { type Action, type Ran, readYaml, runSteps, substituted } from './workflow-runner.ts';

/** The steps of action.yml as a runner runs them, with a bench that only says what it was asked. */
const ACTION = readYaml<Action>('action.yml');
const FAKE_BENCH = `
const { mkdirSync, writeFileSync } = await import('node:fs');
const args = process.argv.slice(2);
writeFileSync(process.env.ASKED, JSON.stringify({ args, cwd: process.cwd() }));
const folder = args[args.indexOf('--output') + 1];
const { FAKE_VERDICT: verdict, FAKE_CODE: code } = process.env;
if (verdict !== '') {
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/gate.json', JSON.stringify({ verdict }));
  writeFileSync(folder + '/summary.md', '## The gate says ' + verdict + '\\n');
  writeFileSync(folder + '/comment.md', '<!-- graphql-lambda-bench gate -->\\n' + verdict + '\\n');
  writeFileSync(folder + '/report.html', '<html>');
}
process.exit(Number(code));
`;

let folder: string;
let workspace: string;
let cgroups: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-action-'));
  workspace = join(folder, 'workspace');
  cgroups = join(folder, 'cgroup');
  mkdirSync(cgroups);
  mkdirSync(join(workspace, 'api'), { recursive: true });
  write('workspace/file', 'first');
  git('init', '--quiet', '--initial-branch', 'main');
  commit('first');
  write('workspace/file', 'second');
  commit('second');
  // The action's own checkout, installed, with the scripts of this one.
  mkdirSync(join(folder, 'action'));
  symlinkSync(join(packageRoot(), 'scripts'), join(folder, 'action/scripts'));
  write('action/package-lock.json', '{}');
  write('action/src/engines/k6/version.ts', '');
  write('action/src/cli/bench.js', FAKE_BENCH);
  write('action/src/package.json', '{"type":"module"}');
  write('action/node_modules/.package-lock.json', '{}');
  program('sudo', 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"');
  program('npm', `printf '%s\\n' "$@" > "$ASKED"`);
  return () => rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function program(name: string, text: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

function git(...args: string[]): string {
  const own = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...own, ...args], { cwd: workspace, encoding: 'utf8' }).trim();
}

function commit(message: string): string {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
  return git('rev-parse', 'HEAD');
}

interface Job {
  inputs?: Record<string, string>;
  pullRequest?: { number: number; base: { sha: string }; head: { sha: string } };
  verdict?: string;
  code?: number;
  cacheHit?: boolean;
  env?: Record<string, string>;
}

function run(job: Job = {}): Ran {
  const defaults = Object.entries(ACTION.inputs).map(([name, input]) => [name, input.default]);
  const temp = join(folder, 'temp');
  mkdirSync(temp, { recursive: true });
  return runSteps(ACTION.runs.steps, {
    contexts: {
      inputs: { ...Object.fromEntries(defaults), ...job.inputs },
      github: { event: { pull_request: job.pullRequest } },
      runner: { os: 'Linux', arch: 'X64' },
    },
    cwd: workspace,
    temp,
    outputsOf: {
      cache: { 'cache-hit': String(job.cacheHit ?? false), 'cache-primary-key': 'primary' },
    },
    env: {
      PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: join(folder, 'home'),
      GITHUB_ACTION_PATH: join(folder, 'action'),
      CGROUP_ROOT: cgroups,
      ASKED: join(folder, 'asked'),
      FAKE_VERDICT: job.verdict ?? 'pass',
      FAKE_CODE: String(job.code ?? 0),
      ...job.env,
    },
  });
}

function asked(): { args: string[]; cwd: string } {
  return JSON.parse(readFileSync(join(folder, 'asked'), 'utf8'));
}

function outputs(ran: Ran): Record<string, string> {
  const named = Object.entries(ACTION.outputs);
  return Object.fromEntries(
    named.map(([name, { value }]) => [name, substituted(value, { steps: ran.steps })]),
  );
}

describe('action.yml', () => {
  test('a pass: outputs, summary, cache and report; no comment without a pull request', () => {
    const ran = run();
    expect(ran.code, ran.log).toBe(0);
    expect(asked().args.slice(0, 8)).toEqual(
      'gate --against HEAD^ --skip-same --budget 8m --inconclusive pass'.split(' '),
    );
    expect(ran.summary).toBe('## The gate says pass\n');
    const { 'report-path': path = '', ...rest } = outputs(ran);
    expect(rest).toEqual({ verdict: 'pass', 'exit-code': '0' });
    expect(readdirSync(path).sort()).toEqual([
      'comment.md',
      'gate.json',
      'report.html',
      'summary.md',
    ]);
    const used = ran.used.map(({ uses }) => uses.split('@')[0]);
    expect(used).toEqual([
      'actions/setup-node',
      'actions/cache/restore',
      'actions/cache/save',
      'actions/upload-artifact',
    ]);
    expect(ran.used[1]?.with.path).toBe(
      ['k6-*', 'snapshots']
        .map((name) => `${folder}/home/.cache/graphql-lambda-bench/${name}\n`)
        .join(''),
    );
    expect(ran.used[1]?.with.key).toMatch(
      /^graphql-lambda-bench-Linux-X64-[0-9a-f]{16}-[0-9a-f]{16}$/,
    );
    expect(ran.used[3]?.with).toMatchObject({ name: 'graphql-lambda-bench-gate', path });
    expect(git('status', '--porcelain')).toBe('');
  });

  test.each([
    ['fail', 99],
    ['inconclusive', 98],
  ])('%s: the last step ends with %i after all was kept', (verdict, code) => {
    const sha = git('rev-parse', 'HEAD');
    const pullRequest = { number: 7, base: { sha: 'HEAD^' }, head: { sha } };
    const ran = run({ verdict, code, pullRequest, cacheHit: true });
    expect(ran.code).toBe(code);
    expect(ran.ran.at(-1)).toBe('Verdict');
    expect(outputs(ran)).toMatchObject({ verdict, 'exit-code': String(code) });
    const uploads = ran.used.slice(2).map((step) => step.with);
    expect(uploads.map(({ name }) => name)).toEqual([
      'graphql-lambda-bench-gate',
      'graphql-lambda-bench-comment',
    ]);
    const comment = String(uploads[1]?.path);
    expect(readFileSync(join(comment, 'pull-request'), 'utf8')).toBe('7\n');
    expect(readFileSync(join(comment, 'comment.md'), 'utf8')).toContain(verdict);
  });

  test('a gate that broke off has no verdict, and says so where one was expected', () => {
    const pullRequest = { number: 7, base: { sha: 'HEAD^' }, head: { sha: 'HEAD' } };
    const ran = run({ verdict: '', code: 2, pullRequest });
    expect(ran.code).toBe(2);
    expect(outputs(ran)).toMatchObject({ verdict: 'none', 'exit-code': '2' });
    expect(ran.summary).toContain('no verdict** (exit code 2)');
    const text = readFileSync(join(String(ran.used.at(-1)?.with.path), 'comment.md'), 'utf8');
    expect(text).toMatch(/^<!-- graphql-lambda-bench gate -->\n.*exit code 2/);
  });

  test('inputs reach bench as they are, and none is a shell command', () => {
    const touched = join(folder, 'touched');
    const evil = `$(touch ${touched}); touch ${touched}`;
    const ran = run({
      inputs: {
        args: `--memory 512,1769\n--header 'x: $(touch ${touched}); "y"' --operations "a b"`,
        build: `npm ci && ${evil}`,
        budget: evil,
        inconclusive: '',
        'skip-same': 'false',
        'working-directory': 'api',
        report: 'false',
        'comment-artifact': '',
      },
    });
    expect(ran.code, ran.log).toBe(0);
    const { args, cwd } = asked();
    expect(cwd).toBe(join(workspace, 'api'));
    const yes = args.indexOf('--yes');
    expect(args.slice(0, yes)).toEqual([
      ...['gate', '--against', 'HEAD^', '--build', `npm ci && ${evil}`, '--budget', evil],
    ]);
    expect(args.slice(yes + 3, -2)).toEqual([
      ...['--memory', '512,1769', '--header', `x: $(touch ${touched}); "y"`],
      ...['--operations', 'a b'],
    ]);
    expect(existsSync(touched)).toBe(false);
    expect(ran.used.some(({ uses }) => uses.includes('upload-artifact'))).toBe(false);
  });

  test('the base of a merge checkout is its first parent, else that of the event', () => {
    const base = git('rev-parse', 'HEAD');
    git('checkout', '--quiet', '-b', 'topic', 'HEAD^');
    write('workspace/other', 'topic');
    const head = commit('topic');
    const pullRequest = {
      number: 7,
      base: { sha: git('rev-parse', 'HEAD^') },
      head: { sha: head },
    };
    run({ pullRequest });
    expect(asked().args).toContain(pullRequest.base.sha);
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--no-ff', '--message', 'merge', 'topic');
    expect(git('rev-parse', 'HEAD^1')).toBe(base);
    run({ pullRequest });
    expect(asked().args).toContain('HEAD^1');
    run({ pullRequest, inputs: { args: '--base-handler a.js --head-handler b.js' } });
    expect(asked().args).not.toContain('--against');
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['args', { args: "--header 'x" }, /::error::args: the quotes do not match/],
    ['args', { args: '--against=main' }, /::error::args: name the revision in the input "against"/],
    ['against', { against: '--output=/' }, /::error::against: .* is not a revision/],
    ['against', { against: 'nowhere' }, /::error::against: there is no revision nowhere/],
    ['skip-same', { 'skip-same': 'maybe' }, /::error::skip-same: write true or false/],
    ['version', { version: 'git+https://example.com/x' }, /::error::version: /],
  ])('%s %j: one message, exit code 2, no gate', (_, inputs, message) => {
    const ran = run({ inputs });
    expect(ran.log).toMatch(message);
    expect(ran.code).toBe(2);
    expect(existsSync(join(folder, 'asked'))).toBe(false);
  });

  test('a shallow checkout: names fetch-depth', () => {
    const shallow = join(folder, 'shallow');
    git('clone', '--quiet', '--depth', '1', `file://${workspace}`, shallow);
    workspace = shallow;
    const ran = run();
    expect(ran.log).toContain('fetch-depth: 0');
    expect(ran.code).toBe(2);
  });

  test('installs from npm what is named, or this revision by its lock file', () => {
    run({ inputs: { version: '1.2.3' } });
    // The npm of this test installs nothing, so nothing runs after it.
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(
      /^install\n--prefix\n.*\ngraphql-lambda-bench@1\.2\.3\n$/s,
    );
    utimesSync(join(folder, 'action/node_modules/.package-lock.json'), 0, 0);
    program('npm', `printf '%s ' "$PWD" "$@" > "${folder}/installed"`);
    run();
    expect(readFileSync(join(folder, 'installed'), 'utf8')).toMatch(/\/action ci --omit=dev /);
  });

  test('cgroup v2: bench is in a group that is handed over, and removed after it', () => {
    program('find', `printf '%s\\n' "$@" > "${folder}/removed"; rm -r "$1"`);
    const bench = FAKE_BENCH.replace(
      'process.exit',
      `const { readdirSync, readFileSync } = await import('node:fs');
      const root = process.env.CGROUP_ROOT;
      const group = readdirSync(root).find((name) => name.startsWith('graphql-lambda-bench-'));
      const joined = readFileSync(root + '/' + group + '/cgroup.procs', 'utf8');
      const given = readFileSync(root + '/cgroup.subtree_control', 'utf8');
      console.log(joined === String(process.pid) ? 'joined, ' + given : 'joined ' + joined);
      process.exit`,
    );
    write('action/src/cli/bench.js', bench);
    const ran = run({ verdict: 'fail', code: 99 });
    expect(ran.log).toContain('joined, +cpu +memory');
    expect(ran.code).toBe(99);
    expect(readFileSync(join(folder, 'removed'), 'utf8')).toContain(`${cgroups}/graphql-lambda`);
  });

  test('without rights to cgroups it runs all the same, with a warning', () => {
    const ran = run({ env: { CGROUP_ROOT: join(folder, 'none') } });
    expect(ran.log).toMatch(/::warning title=No CPU quotas::.*whole CPU/);
    expect(ran.code).toBe(0);
  });

  test('a gate of this checkout, as it is', () => {
    const own = join(packageRoot(), 'fixtures/handlers/own');
    const short = '--memory 1769 --rate 20 --warm-up 0s --ramp 0s --hold 1s';
    const ran = run({
      inputs: {
        args: `--base-handler ${own}/graphql.ts --head-handler ${own}/graphql.ts --operations ${own}/operations
          --variables ${own}/variables ${short} --min-pairs 3 --max-pairs 3 --metrics p50=1000%`,
      },
      pullRequest: { number: 7, base: { sha: 'HEAD^' }, head: { sha: 'HEAD' } },
      env: {
        GITHUB_ACTION_PATH: packageRoot(),
        BENCH_CACHE: cacheFolder(process.env),
        CGROUP_ROOT: '/sys/fs/cgroup',
      },
    });
    expect(ran.code, ran.log).toBe(0);
    // A machine that does much else besides leaves it undecided.
    expect(outputs(ran).verdict).toMatch(/^(pass|inconclusive)$/);
    expect(ran.summary).toMatch(/^## bench gate: (PASS|INCONCLUSIVE)/);
    expect(readdirSync(outputs(ran)['report-path'] ?? '')).toEqual(
      expect.arrayContaining(['report.html', 'gate.json', 'junit.xml']),
    );
    const comment = String(ran.used.at(-1)?.with.path);
    expect(readFileSync(join(comment, 'comment.md'), 'utf8').split('\n')[0]).toBe(COMMENT_MARKER);
  }, 240_000);
});
