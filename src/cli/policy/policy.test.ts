import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { resourcesOf } from '../planning/planned-resources.ts';
import { policyOf, statementsOf, TASKS, type Task } from './policy.ts';
import { awsCalls } from './testing/aws-calls.ts';
import { UNUSED, UNUSED_IN_DELETING } from './testing/unused-permissions.ts';

const BOTH = { dynamo: true, postgres: true };
const SCOPES = [BOTH, { dynamo: true, postgres: false }, { dynamo: false, postgres: true }];
/** AWS counts a managed policy without its white space. */
const LIMIT = 6144;

interface Table {
  types: Record<string, { create: string[]; delete: string[] }>;
}
function table(): Table {
  const file = join(packageRoot(), 'src/cli/policy/testing/resource-permissions.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Table;
}

const actionsOf = (task: Task, scope = BOTH) =>
  new Set(policyOf(task, scope).Statement.flatMap(({ Action }) => Action));

test.each(TASKS)('%s fits into a managed policy, and says nothing twice', (task) => {
  for (const scope of SCOPES) {
    const { Statement } = policyOf(task, scope);
    expect(JSON.stringify(policyOf(task, scope)).length).toBeLessThanOrEqual(LIMIT);
    const sids = Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const { Sid, Action } of Statement) {
      // IAM takes letters and digits only.
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(new Set(Action).size).toBe(Action.length);
      for (const action of Action) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z0-9]+$/);
    }
  }
});

test('the documentation tells their lengths', () => {
  const text = readFileSync(join(packageRoot(), 'docs/commands/policy.md'), 'utf8');
  const length = (task: Task, scope = BOTH) =>
    JSON.stringify(policyOf(task, scope)).length.toLocaleString('en');
  const dynamo = { dynamo: true, postgres: false };
  expect(text).toContain(
    `deploy ${length('deploy')} with both backends (${length('deploy', dynamo)} for DynamoDB), run ${length('run')}, destroy ${length('destroy')} (${length('destroy', dynamo)})`,
  );
});

test('nothing of others is changed: a star stands for reading, or with a condition', () => {
  const reading =
    /:(Describe|Get|List|BatchGet|CancelTraceRetrieval|StartTraceRetrieval|StopQuery)/;
  for (const task of TASKS) {
    for (const { Action, Resource, Condition } of policyOf(task, BOTH).Statement) {
      const scoped = Resource.every((one) => /bench-\*|:(pg|og):default|\/graphql$/.test(one));
      if (scoped || Condition !== undefined) continue;
      expect(Action.filter((action) => !reading.test(action))).toEqual([]);
    }
  }
});

test('statements that are merged are of the same resources and conditions', () => {
  const scopes = { deploy: BOTH, run: BOTH, destroy: BOTH };
  const byId = new Map<string, string>();
  for (const task of TASKS) {
    for (const { Sid, Resource, Condition } of statementsOf(task, scopes[task])) {
      const told = JSON.stringify({ Resource, Condition });
      expect(byId.get(Sid) ?? told).toBe(told);
      byId.set(Sid, told);
    }
  }
});

test('what only Postgres needs is left out of a policy for DynamoDB, and the other way round', () => {
  const dynamo = JSON.stringify(policyOf('deploy', { dynamo: true, postgres: false }));
  expect(dynamo).not.toMatch(/rds|secretsmanager|CreateVpc/);
  const postgres = JSON.stringify(policyOf('deploy', { dynamo: false, postgres: true }));
  expect(postgres).not.toMatch(/dynamodb/);
});

/** What `bench destroy` and `bench ls` come by. */
const DESTROYING =
  /^src\/targets\/aws\/deployment\/(delete-stack|destroy|empty-bucket|first-cause|leftovers|list|log-groups|stacks|wait-for-stack)\.ts/;

test('every call of our own code is allowed by a policy', () => {
  // Whose keys these are may always be asked.
  const calls = awsCalls().filter(({ action }) => action !== 'sts:GetCallerIdentity');
  expect(calls.length).toBeGreaterThan(20);
  const all = new Set(TASKS.flatMap((task) => [...actionsOf(task)]));
  const refused = calls.filter(({ action }) => !all.has(action));
  expect(refused).toEqual([]);
  const outside = (task: Task, files: RegExp) =>
    calls.filter(({ file, action }) => files.test(file) && !actionsOf(task).has(action));
  expect(
    outside(
      'run',
      /^src\/(collectors|pipeline|aws|targets\/url|targets\/aws\/preflight|targets\/aws\/[\w-]+\.ts)/,
    ),
  ).toEqual([]);
  expect(outside('destroy', DESTROYING)).toEqual([]);
  expect(outside('deploy', /^src\/(backends|targets\/aws\/(deployment|preflight))\//)).toEqual([]);
});

test('stacks are made without change sets, for which there would have to be more', () => {
  const file = join(packageRoot(), 'src/targets/aws/deployment/cdk/deploy-assembly.ts');
  expect(readFileSync(file, 'utf8')).toContain("method: 'direct'");
  expect(actionsOf('deploy')).not.toContain('cloudformation:ExecuteChangeSet');
});

test('every resource of the stacks can be made and deleted', () => {
  const all = ['rest-api', 'http-api', 'function-url', 'invoke'] as const;
  const functions = [{ fronts: all, alias: true }];
  const stacks = (['dynamo', 'postgres'] as const).map((backend) => ({
    backend,
    datasets: ['x1'],
    functions,
  }));
  const { types } = table();
  const lacking = resourcesOf(stacks).flatMap(({ type }) => {
    const needs = types[type];
    if (needs === undefined) return [`${type}: its permissions are not in the table`];
    const missing = (task: Task, wanted: string[], unused = UNUSED) =>
      wanted
        .filter((action) => !unused.some(({ is }) => is.test(`${type} ${action}`)))
        .filter((action) => !actionsOf(task).has(action))
        .map((action) => `${task}: ${type} needs ${action}`);
    return [
      ...missing('deploy', [...needs.create, ...needs.delete]),
      ...missing('destroy', needs.delete, [...UNUSED, ...UNUSED_IN_DELETING]),
    ];
  });
  expect(lacking).toEqual([]);
});

test('what is named as unused is of a permission that there is', () => {
  const { types } = table();
  const lines = Object.entries(types).flatMap(([type, of]) =>
    Object.values(of).flatMap((actions) => actions.map((action) => `${type} ${action}`)),
  );
  for (const { is } of UNUSED)
    expect([String(is), lines.some((line) => is.test(line))]).toEqual([String(is), true]);
});
