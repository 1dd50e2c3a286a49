import type { FrontName, StackSpec } from '../../../deploy/stacks/spec.ts';
import type { PlannedResource } from '../../model/cost-estimate.ts';
import { REMOTE_BACKENDS } from '../../model/remote-backend.ts';
import type { Plan } from '../../model/run.ts';
import { deployedKey } from '../../targets/aws/deployed-key.ts';

/** A stack as far as the number of its resources goes; a StackSpec is one. */
export interface StackShape {
  backend: StackSpec['backend'];
  datasets: readonly unknown[];
  functions: readonly { fronts: readonly FrontName[]; alias: boolean }[];
}

/** The stacks a plan asks for; backends that cannot be deployed have none. */
export function stackShapes({ cells }: Plan, architecture: string): StackShape[] {
  return REMOTE_BACKENDS.flatMap((backend) => {
    const endpoints = cells.flatMap(({ endpoint }) =>
      endpoint.backend === backend ? [endpoint] : [],
    );
    if (endpoints.length === 0) return [];
    const functions = Map.groupBy(endpoints, (endpoint) => deployedKey(endpoint, architecture));
    return [
      {
        backend,
        datasets: [...new Set(endpoints.map(({ dataset }) => dataset))],
        functions: [...functions.values()].map((of) => ({
          fronts: [...new Set(of.map(({ front }) => front as FrontName))],
          alias: of.some(({ provisionedConcurrency }) => provisionedConcurrency > 0),
        })),
      },
    ];
  });
}

/** What the stacks are made of, the bucket of their code included, by CloudFormation's type. */
export function resourcesOf(stacks: readonly StackShape[]): PlannedResource[] {
  const counts = new Map<string, number>();
  const add = (type: string, count = 1) => {
    if (count > 0) counts.set(type, (counts.get(type) ?? 0) + count);
  };
  if (stacks.length > 0) add('AWS::S3::Bucket');
  for (const stack of stacks) {
    for (const [type, count] of Object.entries(BACKEND[stack.backend](stack))) add(type, count);
    const { functions } = stack;
    const functionCount = functions.length + (stack.backend === 'postgres' ? 1 : 0);
    for (const type of OF_FUNCTION) add(type, functionCount);
    const aliases = functions.filter(({ alias }) => alias).length;
    for (const type of OF_ALIAS) add(type, aliases);
    for (const [front, { once, each }] of Object.entries(OF_FRONT)) {
      const having = functions.filter(({ fronts }) => fronts.some((one) => one === front)).length;
      if (having === 0) continue;
      for (const type of once) add(type);
      for (const type of each) add(type, having);
    }
  }
  return [...counts].map(([type, count]) => ({ type, count })).sort(byType);
}

const byType = (a: PlannedResource, b: PlannedResource) => (a.type < b.type ? -1 : 1);

const OF_FUNCTION = [
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
];
const OF_ALIAS = ['AWS::Lambda::Version', 'AWS::Lambda::Alias'];
const OF_FRONT: Partial<Record<FrontName, { once: string[]; each: string[] }>> = {
  'rest-api': {
    once: ['AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Deployment', 'AWS::ApiGateway::Stage'],
    each: [
      'AWS::ApiGateway::Resource',
      'AWS::ApiGateway::Resource',
      'AWS::ApiGateway::Method',
      'AWS::Lambda::Permission',
    ],
  },
  'http-api': {
    once: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage'],
    each: ['AWS::ApiGatewayV2::Integration', 'AWS::ApiGatewayV2::Route', 'AWS::Lambda::Permission'],
  },
  'function-url': { once: [], each: ['AWS::Lambda::Url'] },
};
const BACKEND: Record<StackShape['backend'], (of: StackShape) => Record<string, number>> = {
  dynamo: ({ datasets }) => ({ 'AWS::DynamoDB::Table': 2 * datasets.length }),
  postgres: () => ({
    'AWS::EC2::VPC': 1,
    'AWS::EC2::RouteTable': 1,
    'AWS::EC2::Subnet': 2,
    'AWS::EC2::SubnetRouteTableAssociation': 2,
    'AWS::EC2::SecurityGroup': 2,
    'AWS::EC2::SecurityGroupEgress': 1,
    'AWS::EC2::SecurityGroupIngress': 1,
    'AWS::RDS::DBSubnetGroup': 1,
    'AWS::RDS::DBInstance': 1,
    'AWS::SecretsManager::Secret': 1,
  }),
};
