import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import type { BackendResources } from './backend-resources.ts';
import type { DeploymentSpec, StackSpec } from './spec.ts';

interface Tables {
  users: dynamodb.Table;
  tweets: dynamodb.Table;
  environment: { USERS_TABLE: string; TWEETS_TABLE: string };
}

const TWEET_INDEX = 'tweet-index';

/** Two tables per data set, on demand. */
export function dynamoResources(
  stack: Stack,
  { datasets }: StackSpec,
  { run }: DeploymentSpec,
): BackendResources {
  const byDataset = new Map<string, Tables>();
  for (const [index, { name }] of datasets.entries()) {
    byDataset.set(name, tablesOf(stack, index, `bench-${run}-${name}`));
  }
  return {
    accessOf({ dataset, key }) {
      const tables = byDataset.get(dataset.name);
      if (tables === undefined)
        throw new Error(`${key}: its stack has no data set ${dataset.name}`);
      return {
        environment: tables.environment,
        statements: reading(tables),
        network: null,
        after: [],
      };
    },
  };
}

/** Keys and index as the local tables have them: src/backends/dynamo/tables.ts. */
function tablesOf(stack: Stack, index: number, prefix: string): Tables {
  const environment = { USERS_TABLE: `${prefix}-Users`, TWEETS_TABLE: `${prefix}-Tweets` };
  const handle = { name: 'handle', type: dynamodb.AttributeType.STRING };
  const onDemand = {
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  };
  const users = new dynamodb.Table(stack, `Users${index}`, {
    tableName: environment.USERS_TABLE,
    partitionKey: handle,
    ...onDemand,
  });
  const tweets = new dynamodb.Table(stack, `Tweets${index}`, {
    tableName: environment.TWEETS_TABLE,
    partitionKey: { name: 'tweet_id', type: dynamodb.AttributeType.STRING },
    ...onDemand,
  });
  tweets.addGlobalSecondaryIndex({
    indexName: TWEET_INDEX,
    partitionKey: handle,
    sortKey: { name: 'created_at', type: dynamodb.AttributeType.STRING },
  });
  return { users, tweets, environment };
}

/** What the handler's source asks (deploy/handlers/sources/dynamo.ts), and nothing else. */
function reading({ users, tweets }: Tables): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
      resources: [users.tableArn],
    }),
    new iam.PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [`${tweets.tableArn}/index/${TWEET_INDEX}`],
    }),
  ];
}
