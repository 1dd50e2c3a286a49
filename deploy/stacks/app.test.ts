import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { BackendName } from './spec.ts';
import { MEMORIES, type SampleOptions } from './testing/sample-spec.ts';
import { ofType, type Synthesized, synthesized } from './testing/templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-stacks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const synthOf = (options: SampleOptions) => synthesized(mkdtempSync(join(folder, 'app-')), options);

const RUN = '20261120-191500-x7f2';
const TAGS = {
  'graphql-lambda-bench:run': RUN,
  'graphql-lambda-bench:created': '2026-11-20T19:15:00.000Z',
  'graphql-lambda-bench:expires': '2026-11-20T23:15:00.000Z',
  'graphql-lambda-bench:kept': 'true',
};

function tagsOf(tags: unknown): unknown {
  if (!Array.isArray(tags)) return tags;
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

const propertiesOf = (stack: Synthesized, type: string) =>
  ofType(stack, type).map(({ Properties }) => Properties);

describe.each<BackendName>(['dynamo', 'postgres'])('%s', (backend) => {
  const stack = synthOf({ backends: [backend], memories: MEMORIES });
  const aliased = synthOf({ backends: [backend], alias: true });
  const resources = [stack, aliased].flatMap(({ template }) => Object.values(template.Resources));

  test('the stack and every resource that takes tags carry run and expiry', () => {
    expect(stack.stackTags).toEqual(TAGS);
    const tagged = resources.filter(({ Properties }) => Properties?.Tags !== undefined);
    const types = new Set(tagged.map(({ Type }) => Type));
    for (const type of ['Lambda::Function', 'Logs::LogGroup', 'IAM::Role', 'ApiGateway::RestApi']) {
      expect(types).toContain(`AWS::${type}`);
    }
    for (const { Properties } of tagged) expect(tagsOf(Properties.Tags)).toMatchObject(TAGS);
  });

  test('everything goes with the stack', () => {
    for (const { Type, DeletionPolicy, UpdateReplacePolicy } of resources) {
      expect([Type, DeletionPolicy ?? 'Delete']).toEqual([Type, 'Delete']);
      expect([Type, UpdateReplacePolicy ?? 'Delete']).toEqual([Type, 'Delete']);
      // CloudFormation snapshots an instance of which nothing is said.
      if (Type === 'AWS::RDS::DBInstance') expect(DeletionPolicy).toBe('Delete');
      // What a custom resource or the account's gateway role would leave behind.
      expect(Type).not.toMatch(/^Custom::|ApiGateway::Account/);
    }
  });

  test('no endpoint is open to the world', () => {
    for (const of of [stack, aliased]) {
      const authorized = [
        ...propertiesOf(of, 'AWS::ApiGateway::Method').map((one) => one.AuthorizationType),
        ...propertiesOf(of, 'AWS::ApiGatewayV2::Route').map((one) => one.AuthorizationType),
        ...propertiesOf(of, 'AWS::Lambda::Url').map((one) => one.AuthType),
      ];
      expect(new Set(authorized)).toEqual(new Set(['AWS_IAM']));
      for (const permission of propertiesOf(of, 'AWS::Lambda::Permission')) {
        expect(permission).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
        expect(permission.SourceArn).toBeDefined();
      }
    }
  });

  test('it needs no bootstrap and holds no secrets', () => {
    expect(Object.keys(stack.template)).not.toContain('Parameters');
    expect(stack.text).not.toMatch(/BootstrapVersion|cdk-hnb659fds|CDKMetadata/);
    expect(stack.text).not.toMatch(/AKIA|"SecretString"|SecretAccessKey/);
    // CloudFormation looks it up while it deploys.
    for (const { MasterUserPassword } of propertiesOf(stack, 'AWS::RDS::DBInstance')) {
      expect(JSON.stringify(MasterUserPassword)).toContain('{{resolve:secretsmanager:');
    }
  });

  test('every name it gives begins with bench-', () => {
    const named = resources.filter(({ Type }) => Type !== 'AWS::Lambda::Alias');
    const names = named.flatMap(({ Properties }) =>
      ['FunctionName', 'TableName', 'Name', 'LogGroupName', 'RoleName', 'DBInstanceIdentifier']
        .map((key) => Properties?.[key])
        .filter((name) => typeof name === 'string'),
    );
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(name).toMatch(/^(\/aws\/lambda\/)?bench-/);
  });

  test('a function has its settings, traces, and logs JSON with what the collectors read', () => {
    const functions = propertiesOf(stack, 'AWS::Lambda::Function').filter(
      (one) => !String(one.FunctionName).endsWith('seeder'),
    );
    expect(functions.map((one) => one.MemorySize)).toEqual(MEMORIES);
    for (const one of functions) {
      expect(one).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 10,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'INFO' },
      });
    }
    const groups = propertiesOf(stack, 'AWS::Logs::LogGroup');
    expect(groups.map((one) => one.LogGroupName)).toEqual(
      expect.arrayContaining(functions.map((one) => `/aws/lambda/${one.FunctionName}`)),
    );
    for (const group of groups) expect(group.RetentionInDays).toBe(1);
  });

  test('its roles have no wildcard action and no policy of AWS, and make no log groups', () => {
    for (const role of propertiesOf(stack, 'AWS::IAM::Role')) {
      expect(role.ManagedPolicyArns).toBeUndefined();
    }
    const policies = propertiesOf(stack, 'AWS::IAM::Policy').map((one) => one.PolicyDocument) as {
      Statement: { Action: string | string[] }[];
    }[];
    const actions = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
    expect(actions).toContain('logs:PutLogEvents');
    for (const action of actions) expect(action).not.toMatch(/\*|logs:CreateLogGroup/);
  });

  test('both stages are throttled, and the REST API is traced', () => {
    const limits = { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 250 };
    const [rest] = propertiesOf(stack, 'AWS::ApiGateway::Stage');
    expect(rest).toMatchObject({ StageName: 'bench', TracingEnabled: true });
    expect(rest?.MethodSettings).toEqual([expect.objectContaining(limits)]);
    const [http] = propertiesOf(stack, 'AWS::ApiGatewayV2::Stage');
    expect(http).toMatchObject({ StageName: '$default', DefaultRouteSettings: limits });
  });

  test('behind an alias, every front and permission targets the alias', () => {
    const { Resources } = aliased.template;
    const [aliasId = ''] =
      Object.entries(Resources).find(([, { Type }]) => Type === 'AWS::Lambda::Alias') ?? [];
    expect(Resources[aliasId]?.Properties.Name).toBe('live');
    const pointing = [
      'AWS::Lambda::Permission',
      'AWS::ApiGateway::Method',
      'AWS::ApiGatewayV2::Integration',
    ].flatMap((type) => propertiesOf(aliased, type));
    // A permission of each API.
    expect(pointing).toHaveLength(4);
    for (const one of pointing) expect(JSON.stringify(one)).toContain(`"Ref":"${aliasId}"`);
    const [url] = ofType(aliased, 'AWS::Lambda::Url');
    expect(url).toMatchObject({ Properties: { Qualifier: 'live' }, DependsOn: [aliasId] });
  });

  test('function URLs stream where that is asked for', () => {
    const fronts = ['function-url'] as const;
    const streaming = synthOf({ backends: [backend], fronts: [...fronts], streams: true });
    const modes = (of: Synthesized) =>
      propertiesOf(of, 'AWS::Lambda::Url').map(({ InvokeMode }) => InvokeMode ?? 'BUFFERED');
    expect(modes(streaming)).toEqual(['RESPONSE_STREAM']);
    expect(new Set(modes(stack))).toEqual(new Set(['BUFFERED']));
  });

  test('fronts nobody asks for are not made', () => {
    const none = synthOf({ backends: [backend], fronts: ['invoke'], architecture: 'x86_64' });
    expect(none.text).not.toMatch(/AWS::ApiGateway|AWS::Lambda::Url|AWS::Lambda::Permission/);
    for (const one of propertiesOf(none, 'AWS::Lambda::Function')) {
      expect(one.Architectures).toEqual(['x86_64']);
    }
  });
});

test('a key that is no part of a path is refused', () => {
  expect(() => synthOf({ memories: [1024], keyPrefix: 'a b' })).toThrow(/path part/i);
});
