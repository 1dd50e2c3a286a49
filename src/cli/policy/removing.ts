import {
  ANY,
  APIS,
  BUCKETS,
  BY_CLOUDFORMATION,
  DATABASES,
  FUNCTIONS,
  LOG_GROUPS,
  ROLES,
  type Scope,
  SECRETS,
  STACKS,
  type Statement,
  TABLES,
  TAGGED,
} from './statement.ts';

/** What takes a deployment away, which `deploy` does, too, with one that failed. */
export function removing({ dynamo, postgres }: Scope): Statement[] {
  return [
    {
      Sid: 'FindStacks',
      why: 'Deployments are found by the tags of stacks. All stacks of a region are listed by calls that take no name; nothing of others is changed.',
      Action: ['cloudformation:DescribeStacks', 'cloudformation:ListStacks'],
      Resource: ANY,
    },
    {
      Sid: 'Stacks',
      why: 'Everything goes with its stack; events and resources say what could not be removed.',
      Action: [
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeChangeSet',
        'cloudformation:DescribeEvents',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStackResources',
        'cloudformation:ListChangeSets',
        'cloudformation:ListStackResources',
      ],
      Resource: STACKS,
    },
    {
      Sid: 'Bucket',
      why: 'The bucket of uploaded code is emptied, as CloudFormation removes empty buckets only.',
      Action: [
        's3:AbortMultipartUpload',
        's3:DeleteBucket',
        's3:DeleteObject',
        's3:DeleteObjectVersion',
        's3:ListBucket',
        's3:ListBucketMultipartUploads',
        's3:ListBucketVersions',
      ],
      Resource: [...BUCKETS, `${BUCKETS[0]}/*`],
    },
    {
      Sid: 'Functions',
      why: 'Functions with their versions, aliases, URLs and permissions.',
      Action: [
        'lambda:DeleteAlias',
        'lambda:DeleteFunction',
        'lambda:DeleteFunctionConcurrency',
        'lambda:DeleteFunctionUrlConfig',
        'lambda:DeleteProvisionedConcurrencyConfig',
        'lambda:GetAlias',
        'lambda:GetFunction',
        'lambda:GetFunctionConfiguration',
        'lambda:GetFunctionUrlConfig',
        'lambda:GetPolicy',
        'lambda:RemovePermission',
      ],
      Resource: FUNCTIONS,
    },
    {
      Sid: 'Logs',
      why: 'Log groups, which are part of the stack.',
      Action: ['logs:DeleteLogGroup'],
      Resource: LOG_GROUPS,
    },
    {
      Sid: 'Roles',
      why: 'The functions’ roles with their inline policies.',
      Action: [
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
      ],
      Resource: ROLES,
    },
    {
      Sid: 'Apis',
      why: 'AWS makes up the ids of APIs, so that no name can scope them; whether a part of an API inherits its tags could not be tried without an account. So CloudFormation alone may do it, whose stacks are scoped.',
      Action: ['apigateway:DELETE', 'apigateway:GET'],
      Resource: APIS,
      Condition: BY_CLOUDFORMATION,
    },
    {
      Sid: 'LookAround',
      why: 'CloudFormation reads before and after it removes; the calls take no resource. Network interfaces: it waits until Lambda has let go of a VPC.',
      Action: [
        'ec2:DescribeNetworkInterfaces',
        'logs:DescribeLogGroups',
        ...(postgres
          ? [
              'ec2:DescribeInstances',
              'ec2:DescribeRouteTables',
              'ec2:DescribeSecurityGroupRules',
              'ec2:DescribeSecurityGroups',
              'ec2:DescribeSubnets',
              'ec2:DescribeVpcs',
            ]
          : []),
      ],
      Resource: ANY,
    },
    ...(dynamo
      ? [
          {
            Sid: 'Tables',
            why: 'DynamoDB’s tables with what was seeded.',
            Action: ['dynamodb:DeleteTable', 'dynamodb:DescribeTable'],
            Resource: TABLES,
          },
        ]
      : []),
    ...(postgres ? REMOVE_POSTGRES : []),
  ];
}

const REMOVE_POSTGRES: Statement[] = [
  {
    Sid: 'Database',
    why: 'The RDS instance, without a last snapshot, and its subnet group.',
    Action: [
      'rds:DeleteDBInstance',
      'rds:DeleteDBSubnetGroup',
      'rds:DescribeDBInstances',
      'rds:DescribeDBSubnetGroups',
      'rds:ListTagsForResource',
    ],
    Resource: DATABASES,
  },
  {
    Sid: 'Secret',
    why: 'The password of the database’s owner.',
    Action: ['secretsmanager:DeleteSecret', 'secretsmanager:DescribeSecret'],
    Resource: SECRETS,
  },
  {
    Sid: 'RemoveNetwork',
    why: 'A VPC and what is in it have ids that AWS makes up: they are scoped by our tag, and to CloudFormation.',
    Action: [
      'ec2:DeleteRouteTable',
      'ec2:DeleteSecurityGroup',
      'ec2:DeleteSubnet',
      'ec2:DeleteVpc',
    ],
    Resource: ANY,
    Condition: { ...BY_CLOUDFORMATION, ...TAGGED },
  },
  {
    Sid: 'Network',
    why: 'Rules of security groups bear no tag of their own, so that CloudFormation alone scopes these.',
    Action: [
      'ec2:DisassociateRouteTable',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
    ],
    Resource: ANY,
    Condition: BY_CLOUDFORMATION,
  },
];
