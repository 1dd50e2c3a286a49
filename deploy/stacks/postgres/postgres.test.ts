import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CliCredentialsStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import { afterAll, expect, test } from 'vitest';
import { benchFunction } from '../function.ts';
import { sampleSpec } from '../testing/sample-spec.ts';
import type { Resource } from '../testing/templates.ts';
import { postgresResources } from './postgres.ts';

const RUN = 'bench-20261120-191500-x7f2';
const folder = mkdtempSync(join(tmpdir(), 'bench-postgres-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { resources, text, missing } = synthesized();
const ofType = (type: string) =>
  Object.values(resources).filter(({ Type }) => Type === `AWS::${type}`);
const propertiesOf = (type: string) => ofType(type).map(({ Properties }) => Properties);

function synthesized() {
  const spec = sampleSpec(folder, { backends: ['postgres'] });
  const [stackSpec] = spec.stacks;
  const [of] = stackSpec?.functions ?? [];
  if (stackSpec === undefined || of === undefined) throw new Error('no stack');
  const app = new App({ outdir: join(folder, 'out'), analyticsReporting: false });
  const { account, region, assetBucket } = spec;
  const stack = new Stack(app, 'postgres', {
    env: { account, region },
    synthesizer: new CliCredentialsStackSynthesizer({
      fileAssetsBucketName: assetBucket,
    }) as IStackSynthesizer,
  });
  const backend = postgresResources(stack, stackSpec, spec);
  benchFunction(stack, 'Function0', of, backend.accessOf(of), spec);
  const assembly = app.synth();
  const template = readFileSync(assembly.getStackByName('postgres').templateFullPath, 'utf8');
  const { Resources } = JSON.parse(template) as { Resources: Record<string, Resource> };
  return { resources: Resources, text: template, missing: assembly.manifest.missing };
}

test('nothing enters or leaves the network, and templates are made without asking an account', () => {
  expect(missing).toBeUndefined();
  expect(text).not.toMatch(/InternetGateway|NatGateway|"AWS::EC2::Route"|Custom::/);
  expect(propertiesOf('EC2::SecurityGroup').map((one) => one.SecurityGroupIngress)).toEqual([
    undefined,
    undefined,
  ]);
  const port = { FromPort: 5432, ToPort: 5432, IpProtocol: 'tcp' };
  expect(propertiesOf('EC2::SecurityGroupIngress')).toMatchObject([
    {
      ...port,
      GroupId: { 'Fn::GetAtt': ['DatabaseGroup', 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': ['FunctionGroup', 'GroupId'] },
    },
  ]);
  expect(propertiesOf('EC2::SecurityGroupEgress')).toMatchObject([port]);
  expect(propertiesOf('EC2::Subnet')).toHaveLength(2);
});

test('one small database that leaves nothing behind', () => {
  expect(ofType('RDS::DBInstance')).toMatchObject([
    {
      DeletionPolicy: 'Delete',
      Properties: {
        DBInstanceIdentifier: RUN,
        DBInstanceClass: 'db.t4g.medium',
        Engine: 'postgres',
        AllocatedStorage: '20',
        StorageType: 'gp3',
        StorageEncrypted: true,
        MultiAZ: false,
        PubliclyAccessible: false,
        EnableIAMDatabaseAuthentication: true,
        BackupRetentionPeriod: 0,
        DeleteAutomatedBackups: true,
        DeletionProtection: false,
      },
    },
  ]);
  expect(text).not.toMatch(/EnableCloudwatchLogsExports|"Retain"|"Snapshot"/);
});

test('the password is made in Secrets Manager and referred to by the database alone', () => {
  expect(ofType('SecretsManager::Secret')).toMatchObject([
    { DeletionPolicy: 'Delete', Properties: { Name: `${RUN}-postgres` } },
  ]);
  const [database] = propertiesOf('RDS::DBInstance');
  expect(JSON.stringify(database?.MasterUserPassword)).toContain('resolve:secretsmanager:');
  expect(text.split('resolve:secretsmanager')).toHaveLength(2);
  expect(text).not.toMatch(/secretsmanager:GetSecretValue/);
});

test('a handler stands beside the database and comes in as one user by a token', () => {
  const handler = propertiesOf('Lambda::Function').find(
    ({ FunctionName }) => !String(FunctionName).endsWith('seeder'),
  );
  expect(handler?.VpcConfig).toEqual({
    SubnetIds: [{ Ref: 'Subnet0' }],
    SecurityGroupIds: [{ 'Fn::GetAtt': ['FunctionGroup', 'GroupId'] }],
  });
  const subnet = resources.Subnet0?.Properties.AvailabilityZone;
  expect(propertiesOf('RDS::DBInstance')[0]?.AvailabilityZone).toEqual(subnet);
  const { Variables } = (handler?.Environment ?? {}) as { Variables: Record<string, unknown> };
  expect(Variables).toMatchObject({
    DATABASE_SCHEMA: 'bench_x1_indexed',
    DATABASE_AUTH: 'iam',
    NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
  });
  expect(JSON.stringify(Variables.DATABASE_URL)).toContain('postgresql://bench_reader@');
  const statements = propertiesOf('IAM::Policy').flatMap(
    ({ PolicyDocument }) => (PolicyDocument as { Statement: { Action: unknown }[] }).Statement,
  );
  const connecting = statements.filter(({ Action }) => Action === 'rds-db:connect');
  // The handler's, not the seeder's.
  expect(connecting).toHaveLength(1);
  expect(JSON.stringify(connecting)).toMatch(/:dbuser:.*DbiResourceId.*\/bench_reader/);
});

test('the seeder has a vCPU, 15 minutes, and a log that goes with the run', () => {
  const seeder = propertiesOf('Lambda::Function').find(
    ({ FunctionName }) => FunctionName === `${RUN}-seeder`,
  );
  expect(seeder).toMatchObject({ MemorySize: 1769, Timeout: 900, Runtime: 'nodejs24.x' });
  expect(seeder?.VpcConfig).toMatchObject({ SubnetIds: [{ Ref: 'Subnet0' }] });
  expect(propertiesOf('Logs::LogGroup').map(({ LogGroupName }) => LogGroupName)).toContain(
    `/aws/lambda/${RUN}-seeder`,
  );
});
