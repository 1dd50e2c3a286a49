import { aws_ec2 as ec2, Fn, type Stack, Tags } from 'aws-cdk-lib';

const RANGE = '10.0.0.0/16';
const SUBNET_RANGES = ['10.0.0.0/24', '10.0.1.0/24'];
export const PORT = 5432;

/** A network that nothing enters or leaves: no gateway, no NAT, functions reach the database only. */
export interface Network {
  subnetIds: string[];
  /** Of the database and of every function: no request crosses zones, and none pays for it. */
  zone: string;
  databaseGroup: ec2.CfnSecurityGroup;
  /** What a function is placed by. */
  placement: {
    vpc: ec2.IVpc;
    vpcSubnets: ec2.SubnetSelection;
    securityGroups: ec2.ISecurityGroup[];
  };
}

/**
 * Written without the CDK's Vpc, which asks the account for its zones while templates are made and
 * adds a custom resource for the default group. RDS wants subnets in two zones; only the first is used.
 */
export function networkOf(stack: Stack, prefix: string): Network {
  const vpc = new ec2.CfnVPC(stack, 'Network', {
    cidrBlock: RANGE,
    enableDnsHostnames: true,
    enableDnsSupport: true,
  });
  Tags.of(vpc).add('Name', prefix);
  const zones = SUBNET_RANGES.map((_, index) => Fn.select(index, Fn.getAzs()));
  const routes = new ec2.CfnRouteTable(stack, 'Routes', { vpcId: vpc.ref });
  const subnetIds = SUBNET_RANGES.map((cidrBlock, index) => {
    const subnet = new ec2.CfnSubnet(stack, `Subnet${index}`, {
      vpcId: vpc.ref,
      cidrBlock,
      availabilityZone: zones[index] ?? '',
      mapPublicIpOnLaunch: false,
    });
    new ec2.CfnSubnetRouteTableAssociation(stack, `Subnet${index}Routes`, {
      subnetId: subnet.ref,
      routeTableId: routes.ref,
    });
    return subnet.ref;
  });
  const { functionGroup, databaseGroup } = groupsOf(stack, prefix, vpc.ref);
  const [zone = '', ...otherZones] = zones;
  return {
    subnetIds,
    zone,
    databaseGroup,
    placement: placementOf(
      stack,
      {
        vpcId: vpc.ref,
        availabilityZones: [zone, ...otherZones],
        isolatedSubnetIds: subnetIds,
        isolatedSubnetRouteTableIds: subnetIds.map(() => routes.ref),
      },
      functionGroup.attrGroupId,
    ),
  };
}

function placementOf(
  stack: Stack,
  attributes: ec2.VpcAttributes,
  groupId: string,
): Network['placement'] {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'KnownNetwork', attributes);
  return {
    vpc,
    vpcSubnets: { subnets: vpc.isolatedSubnets.slice(0, 1) },
    securityGroups: [
      ec2.SecurityGroup.fromSecurityGroupId(stack, 'KnownFunctionGroup', groupId, {
        mutable: false,
      }),
    ],
  };
}

/** From functions to the database's port, and nothing else. */
function groupsOf(stack: Stack, prefix: string, vpcId: string) {
  const functionGroup = new ec2.CfnSecurityGroup(stack, 'FunctionGroup', {
    vpcId,
    groupName: `${prefix}-functions`,
    groupDescription: 'Functions of graphql-lambda-bench',
    // Where nothing is said, everything may go out.
    securityGroupEgress: [NOWHERE],
  });
  const databaseGroup = new ec2.CfnSecurityGroup(stack, 'DatabaseGroup', {
    vpcId,
    groupName: `${prefix}-database`,
    groupDescription: 'Database of graphql-lambda-bench',
    securityGroupEgress: [NOWHERE],
  });
  const rule = { ipProtocol: 'tcp', fromPort: PORT, toPort: PORT };
  new ec2.CfnSecurityGroupEgress(stack, 'ToDatabase', {
    ...rule,
    groupId: functionGroup.attrGroupId,
    destinationSecurityGroupId: databaseGroup.attrGroupId,
    description: 'PostgreSQL',
  });
  new ec2.CfnSecurityGroupIngress(stack, 'FromFunctions', {
    ...rule,
    groupId: databaseGroup.attrGroupId,
    sourceSecurityGroupId: functionGroup.attrGroupId,
    description: 'PostgreSQL',
  });
  return { functionGroup, databaseGroup };
}

/** As the CDK has it: one address that is no host's, and a protocol without ports. */
const NOWHERE = {
  cidrIp: '255.255.255.255/32',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  description: 'No traffic leaves',
};
