import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CfnResource } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, expect, test } from 'vitest';
import { appOf } from '../deploy/stacks/app.ts';
import { ACCEPTED } from '../deploy/stacks/testing/accepted-findings.ts';
import { AT_FIVE_SIZES, COMBINATIONS, nameOf } from '../deploy/stacks/testing/combinations.ts';
import { ACCEPTED_OF_POSTGRES } from '../deploy/stacks/testing/postgres-findings.ts';
import { MEMORIES, sampleSpec } from '../deploy/stacks/testing/sample-spec.ts';
import { TABLES } from '../src/backends/dynamo/tables.ts';
import { deployedFunctions } from '../src/targets/aws/outputs.ts';
import { pythonTool } from './python.ts';

/** It takes 6 s of CPU. */
const LINT_TIMEOUT_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'bench-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const apps = COMBINATIONS.map((options) => {
  const outdir = mkdtempSync(join(folder, 'app-'));
  const spec = sampleSpec(folder, options);
  const app = appOf(spec, outdir);
  app.synth();
  const templates = spec.stacks.map(({ name }) => join(outdir, `${name}.template.json`));
  return { name: nameOf(options), app, templates };
});

test('cdk-nag finds nothing in any combination of factors that is not explained', () => {
  const found = new Set<string>();
  for (const { name, app } of apps) {
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    for (const { ruleName, description, violatingResources } of violations) {
      // A rule that could not be applied would look like one that found something.
      expect([name, description]).not.toEqual([name, expect.stringContaining('threw an error')]);
      for (const { constructPath = '' } of violatingResources) {
        const [stack, ...path] = constructPath.split('/');
        const resource = path.reduce(
          (at, id) => at.node.findChild(id),
          app.node.findChild(stack ?? ''),
        );
        const type = CfnResource.isCfnResource(resource) ? resource.cfnResourceType : '';
        found.add(`${ruleName} ${type}`);
      }
    }
  }
  // Explanations of what is not found any more go, too.
  const explained = [...ACCEPTED, ...ACCEPTED_OF_POSTGRES];
  expect([...found].sort()).toEqual(explained.map(({ rule, type }) => `${rule} ${type}`).sort());
});

const cfnLint = pythonTool('cfn-lint');

test.skipIf(cfnLint === null)(
  'cfn-lint finds no errors in any combination of factors (needs Python)',
  async () => {
    const templates = apps.flatMap(({ templates }) => templates);
    // Of warnings none are asked for: W3005 is the CDK's own way to order resources.
    const args = [
      '--non-zero-exit-code',
      'error',
      '--format',
      'parseable',
      '--ignore-checks',
      'W3005',
      '--',
      ...templates,
    ];
    const { stdout } = await promisify(execFile)(cfnLint as string, args);
    expect(stdout).toBe('');
  },
  LINT_TIMEOUT_MS,
);

/** As CloudFormation would tell the outputs of the combination's stack over DynamoDB. */
function told(index: number): { OutputKey: string; OutputValue: string }[] {
  const path = apps[index]?.templates[0] ?? '';
  const { Outputs } = JSON.parse(readFileSync(path, 'utf8')) as {
    Outputs: Record<string, { Value: unknown }>;
  };
  return Object.entries(Outputs).map(([OutputKey, { Value }]) => ({
    OutputKey,
    OutputValue: resolved(Value),
  }));
}

function resolved(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, ...of } = value as {
    Ref?: string;
    'Fn::Join'?: [string, unknown[]];
    'Fn::GetAtt'?: [string, string];
  };
  if (Ref !== undefined) return Ref === 'AWS::URLSuffix' ? 'amazonaws.com' : 'a1b2c3d4e5';
  if (of['Fn::Join']) return of['Fn::Join'][1].map(resolved).join(of['Fn::Join'][0]);
  expect(of['Fn::GetAtt']?.[1]).toBe('FunctionUrl');
  return 'https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws/';
}

test('what a stack tells of its functions and tables is read back whole', () => {
  const outputs = told(AT_FIVE_SIZES);
  // CloudFormation's limit, with keys and names as long as they may become.
  for (const { OutputValue } of outputs) expect(OutputValue.length).toBeLessThan(1024 - 200);
  const functions = deployedFunctions(outputs);
  expect(functions.map(({ memoryMb }) => memoryMb)).toEqual(MEMORIES);
  const name = 'bench-20261120-191500-x7f2-0-dynamo-512';
  const api = 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com';
  expect(functions[0]).toEqual({
    key: 'dynamo-512-apollo-x1',
    name,
    qualifier: 'live',
    logGroup: `/aws/lambda/${name}`,
    memoryMb: 512,
    timeoutS: 10,
    codeSha256: 'ab'.repeat(32),
    fronts: {
      'rest-api': {
        url: `${api}/bench/dynamo-512-apollo-x1/graphql`,
        dimensions: { ApiName: 'bench-20261120-191500-x7f2-dynamo', Stage: 'bench' },
      },
      'http-api': {
        url: `${api}/dynamo-512-apollo-x1/graphql`,
        dimensions: { ApiId: 'a1b2c3d4e5', Stage: '$default' },
      },
      'function-url': {
        url: 'https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws/',
        dimensions: null,
      },
    },
  });
});

test('the deployed tables are those of the local target', () => {
  const { Resources } = JSON.parse(readFileSync(apps[0]?.templates[0] ?? '', 'utf8'));
  const tables = Object.values(Resources as Record<string, { Type: string; Properties: object }>)
    .filter(({ Type }) => Type === 'AWS::DynamoDB::Table')
    .map(({ Properties }) => Properties);
  expect(tables).toEqual(
    TABLES.map(({ TableName, AttributeDefinitions = [], ...table }) =>
      expect.objectContaining({
        ...table,
        TableName: `bench-20261120-191500-x7f2-x1-${TableName}`,
        AttributeDefinitions: expect.arrayContaining(AttributeDefinitions),
      }),
    ),
  );
});
