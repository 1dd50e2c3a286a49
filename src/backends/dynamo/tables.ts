import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

export const USERS_TABLE = 'Users';
export const TWEETS_TABLE = 'Tweets';

/** As the study has them. */
export const TABLES: readonly CreateTableCommandInput[] = [
  {
    TableName: USERS_TABLE,
    AttributeDefinitions: [{ AttributeName: 'handle', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'handle', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
  {
    TableName: TWEETS_TABLE,
    AttributeDefinitions: [
      { AttributeName: 'tweet_id', AttributeType: 'S' },
      { AttributeName: 'handle', AttributeType: 'S' },
      { AttributeName: 'created_at', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'tweet_id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'tweet-index',
        KeySchema: [
          { AttributeName: 'handle', KeyType: 'HASH' },
          { AttributeName: 'created_at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  },
];
