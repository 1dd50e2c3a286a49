import type { PutRequest } from '@aws-sdk/client-dynamodb';
import type { Dataset, Tweet, User } from '../../../fixtures/dataset/dataset.ts';
import { TWEETS_TABLE, USERS_TABLE } from './tables.ts';

/** DynamoDB's limit for a BatchWriteItem. */
export const BATCH = 25;

/** Rows of one table in DynamoDB's own form. */
export interface Batch {
  table: string;
  puts: { PutRequest: Required<PutRequest> }[];
}

/** The whole data set, 25 items at a time. */
export function* batches(rows: Dataset): Generator<Batch> {
  yield* batchesOf(USERS_TABLE, rows.users, userItem);
  yield* batchesOf(TWEETS_TABLE, rows.tweets(), tweetItem);
}

function* batchesOf<Row>(
  table: string,
  rows: Iterable<Row>,
  itemOf: (row: Row) => Required<PutRequest>['Item'],
): Generator<Batch> {
  let puts: Batch['puts'] = [];
  for (const row of rows) {
    puts.push({ PutRequest: { Item: itemOf(row) } });
    if (puts.length === BATCH) {
      yield { table, puts };
      puts = [];
    }
  }
  if (puts.length > 0) yield { table, puts };
}

/** By hand: the SDK's marshaller takes as long as all the rest of sending them. */
function userItem(user: User): Required<PutRequest>['Item'] {
  return {
    handle: { S: user.handle },
    name: { S: user.name },
    description: { S: user.description },
    followers_count: { N: String(user.followers_count) },
    following: { L: user.following.map((S) => ({ S })) },
  };
}

function tweetItem(tweet: Tweet): Required<PutRequest>['Item'] {
  return {
    tweet_id: { S: tweet.tweet_id },
    tweet: { S: tweet.tweet },
    handle: { S: tweet.handle },
    created_at: { S: tweet.created_at },
    retweet_count: { N: String(tweet.retweet_count) },
  };
}
