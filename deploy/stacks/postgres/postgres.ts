import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { datasetSchema } from '../../handlers/lib/dataset-schema.ts';
import type { BackendResources, FunctionAccess } from '../backend-resources.ts';
import { benchFunction } from '../function.ts';
import type { DatasetSpec, DeploymentSpec, SeederSpec, StackSpec } from '../spec.ts';
import { type Database, databaseOf } from './database.ts';
import { type Network, networkOf, PORT } from './network.ts';

/** Who handlers come in as, with tokens of IAM; made by the seeder. */
const READER = 'bench_reader';
const SEEDER_RUNTIME = 'nodejs24.x';
/** A whole vCPU. */
const SEEDER_MEMORY_MB = 1769;
/** Lambda's most. */
const SEEDER_TIMEOUT_S = 900;

/**
 * One small PostgreSQL (RDS) in a network of its own, with every function beside it, and a function
 * that fills it from inside. Seeding finds function and secret by their names, `bench-<run>-seeder`
 * and `bench-<run>-postgres`.
 */
export function postgresResources(
  stack: Stack,
  { name, datasets, seeder }: StackSpec,
  spec: DeploymentSpec,
): BackendResources {
  if (seeder === null) throw new Error(`${name}: nothing would fill its database`);
  const prefix = `bench-${spec.run}`;
  const network = networkOf(stack, prefix);
  const database = databaseOf(stack, prefix, network);
  addSeeder(stack, seeder, spec, accessOf(network, environmentOf(database)));
  const connecting = new iam.PolicyStatement({
    actions: ['rds-db:connect'],
    resources: [readerArn(stack, database)],
  });
  return {
    accessOf({ key, dataset }) {
      if (!datasets.some((one) => isSame(one, dataset))) {
        throw new Error(`${key}: its stack has no data set ${datasetSchema(dataset)}`);
      }
      const environment = {
        ...environmentOf(database),
        DATABASE_SCHEMA: datasetSchema(dataset),
        DATABASE_AUTH: 'iam',
      };
      return accessOf(network, environment, connecting);
    },
  };
}

/** For handlers and the seeder alike. The name of the user is the reader's: there is no password. */
function environmentOf({ host, name }: Database): Record<string, string> {
  return {
    DATABASE_URL: `postgresql://${READER}@${host}:${PORT}/${name}?sslmode=verify-full`,
    // Lambda's Node.js runtimes from 20 on trust RDS's certificates only when they are told to.
    // Source: AWS Compute Blog, "Node.js 20.x runtime now available in AWS Lambda".
    NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
  };
}

function accessOf(
  { placement }: Network,
  environment: Record<string, string>,
  ...own: iam.PolicyStatement[]
): FunctionAccess {
  return { environment, statements: [...own, joining()], network: placement, after: [] };
}

/**
 * To be in a network: what AWSLambdaVPCAccessExecutionRole allows, without its logs. Its actions know
 * no narrower resources; handlers have no way to EC2's API from this network.
 */
function joining(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}

function readerArn(stack: Stack, { instance }: Database): string {
  const { partition, region, account } = stack;
  const database = `${instance.attrDbiResourceId}/${READER}`;
  return `arn:${partition}:rds-db:${region}:${account}:dbuser:${database}`;
}

function addSeeder(
  stack: Stack,
  { name, codeFolder, handler }: SeederSpec,
  spec: DeploymentSpec,
  access: FunctionAccess,
): void {
  const of = {
    name,
    codeFolder,
    handler,
    runtime: SEEDER_RUNTIME,
    memoryMb: SEEDER_MEMORY_MB,
    timeoutS: SEEDER_TIMEOUT_S,
    environment: {},
    alias: false,
  };
  // What only fronts and outputs ask of a function.
  const unused = { key: name, codeSha256: '', fronts: [], dataset: { name: '', indexed: false } };
  benchFunction(stack, 'Seeder', { ...of, ...unused }, access, spec);
}

function isSame(a: DatasetSpec, b: DatasetSpec): boolean {
  return a.name === b.name && a.indexed === b.indexed;
}
