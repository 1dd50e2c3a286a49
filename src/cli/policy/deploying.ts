import { removing } from './removing.ts';
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
} from './statement.ts';

/** What makes and fills a deployment, and removes one that failed. */
export function deploying(scope: Scope): Statement[] {
  return [
    {
      Sid: 'Stacks',
      why: 'The stacks themselves, without change sets; the CDK’s toolkit reads the template of one that is there.',
      Action: [
        'cloudformation:CreateStack',
        'cloudformation:GetTemplate',
        'cloudformation:TagResource',
      ],
      Resource: STACKS,
    },
    {
      Sid: 'Bucket',
      why: 'The run’s own bucket: closed, encrypted, emptied after a day; code and templates go there, and Lambda and CloudFormation read them with the caller’s rights.',
      Action: [
        's3:CreateBucket',
        's3:GetBucketLocation',
        's3:GetEncryptionConfiguration',
        's3:GetObject',
        's3:PutBucketOwnershipControls',
        's3:PutBucketPublicAccessBlock',
        's3:PutBucketTagging',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
        's3:PutObject',
        's3:TagResource',
      ],
      Resource: [...BUCKETS, `${BUCKETS[0]}/*`],
    },
    {
      Sid: 'Functions',
      why: 'Functions with tracing, versions and aliases for provisioned concurrency, URLs, and the APIs’ permission to invoke them. Put… for provisioned concurrency belongs to run.',
      Action: [
        'lambda:AddPermission',
        'lambda:CreateAlias',
        'lambda:CreateFunction',
        'lambda:CreateFunctionUrlConfig',
        'lambda:GetFunctionCodeSigningConfig',
        'lambda:GetFunctionRecursionConfig',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:GetRuntimeManagementConfig',
        'lambda:ListVersionsByFunction',
        'lambda:PublishVersion',
        'lambda:TagResource',
      ],
      Resource: FUNCTIONS,
    },
    {
      Sid: 'Logs',
      why: 'Log groups with a retention, before Lambda would make them without.',
      Action: [
        'logs:CreateLogGroup',
        'logs:GetDataProtectionPolicy',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
      ],
      Resource: LOG_GROUPS,
    },
    {
      Sid: 'Roles',
      why: 'One role a function with an inline policy. Whoever may make roles may give them more than they have: where that matters, set a permissions boundary.',
      Action: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:TagRole'],
      Resource: ROLES,
    },
    {
      Sid: 'PassRoles',
      why: 'Those roles, to Lambda and nobody else.',
      Action: ['iam:PassRole'],
      Resource: ROLES,
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    },
    {
      Sid: 'Apis',
      why: 'As for removing: ids are made up by AWS, so CloudFormation alone may do it.',
      Action: ['apigateway:PATCH', 'apigateway:POST', 'apigateway:PUT'],
      Resource: APIS,
      Condition: BY_CLOUDFORMATION,
    },
    {
      Sid: 'LookAround',
      why: 'The account’s concurrency is looked at first; the call takes no resource.',
      Action: [
        'lambda:GetAccountSettings',
        'logs:DescribeIndexPolicies',
        'logs:DescribeResourcePolicies',
      ],
      Resource: ANY,
    },
    ...(scope.dynamo ? MAKE_TABLES : []),
    ...(scope.postgres ? MAKE_POSTGRES : []),
    ...removing(scope),
  ];
}

const MAKE_TABLES: Statement[] = [
  {
    Sid: 'Tables',
    why: 'Tables on demand, and the rows of the data set.',
    Action: [
      'dynamodb:BatchWriteItem',
      'dynamodb:CreateTable',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeContributorInsights',
      'dynamodb:DescribeKinesisStreamingDestination',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:GetItem',
      'dynamodb:GetResourcePolicy',
      'dynamodb:ListTagsOfResource',
      'dynamodb:PutItem',
      'dynamodb:TagResource',
    ],
    Resource: TABLES,
  },
];

const MAKE_POSTGRES: Statement[] = [
  {
    Sid: 'Database',
    why: 'One RDS instance in its subnet group; CloudFormation changes it once it is there, for the certificate it is to have.',
    Action: [
      'rds:AddTagsToResource',
      'rds:CreateDBInstance',
      'rds:CreateDBSubnetGroup',
      'rds:ModifyDBInstance',
      'rds:RebootDBInstance',
    ],
    Resource: DATABASES,
  },
  {
    Sid: 'Secret',
    why: 'The owner’s password is made by Secrets Manager and read by CloudFormation for the instance, and for the seeding.',
    Action: [
      'secretsmanager:CreateSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:TagResource',
    ],
    Resource: SECRETS,
  },
  {
    Sid: 'LookAround',
    why: 'The secret’s password is random; RDS tells events of instances: neither takes a name.',
    Action: ['rds:DescribeEvents', 'secretsmanager:GetRandomPassword'],
    Resource: ANY,
  },
  {
    Sid: 'RdsRole',
    why: 'RDS’s own role, which it makes with the first instance of an account.',
    Action: ['iam:CreateServiceLinkedRole'],
    Resource: ['arn:aws:iam::*:role/aws-service-role/rds.amazonaws.com/*'],
    Condition: { StringEquals: { 'iam:AWSServiceName': 'rds.amazonaws.com' } },
  },
  {
    Sid: 'Network',
    why: 'A VPC of its own with private subnets. What is made has no id and no tag before it is there; so CloudFormation alone may do it.',
    Action: [
      'ec2:AssociateRouteTable',
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:CreateRouteTable',
      'ec2:CreateSecurityGroup',
      'ec2:CreateSubnet',
      'ec2:CreateTags',
      'ec2:CreateVpc',
      'ec2:DescribeAccountAttributes',
      'ec2:DescribeAvailabilityZones',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeVpcAttribute',
      'ec2:ModifySubnetAttribute',
      'ec2:ModifyVpcAttribute',
    ],
    Resource: ANY,
    Condition: BY_CLOUDFORMATION,
  },
  {
    Sid: 'Functions',
    why: 'The function inside the VPC that fills the database is invoked.',
    Action: ['lambda:InvokeFunction'],
    Resource: FUNCTIONS,
  },
];
