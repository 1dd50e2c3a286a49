/** A statement of an IAM policy with the reason it is there, which is for the documentation. */
export interface Statement {
  Sid: string;
  why: string;
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What a policy is for, and whether Postgres's network and database are in it. */
export interface Scope {
  dynamo: boolean;
  postgres: boolean;
}

/** Everything that is deployed is called so, which is what resources are scoped by. */
const NAMED = 'bench-*';

/** An ARN in any region and account: a policy reaches no account but its own. */
export const arn = (service: string, resource: string) => `arn:aws:${service}:*:*:${resource}`;

export const STACKS = [arn('cloudformation', `stack/${NAMED}/*`)];
export const FUNCTIONS = [arn('lambda', `function:${NAMED}`)];
export const LOG_GROUPS = [arn('logs', `log-group:/aws/lambda/${NAMED}`)];
export const TABLES = [arn('dynamodb', `table/${NAMED}`)];
export const ROLES = [`arn:aws:iam::*:role/${NAMED}`];
export const BUCKETS = [`arn:aws:s3:::${NAMED}`];
/** With the default groups of parameters and options that an instance names. */
export const DATABASES = [`db:${NAMED}`, `subgrp:${NAMED}`, 'pg:default*', 'og:default*'].map(
  (resource) => arn('rds', resource),
);
export const SECRETS = [arn('secretsmanager', `secret:${NAMED}`)];
/** Where an action takes no resource, or resources have ids that AWS makes up. */
export const ANY = ['*'];

/** APIs have ids that AWS makes up. */
export const APIS = ['/restapis', '/restapis/*', '/apis', '/apis/*', '/tags/*'].map(
  (path) => `arn:aws:apigateway:*::${path}`,
);

/** Only what CloudFormation does on the caller's behalf: whose stacks are scoped by name. */
export const BY_CLOUDFORMATION = {
  'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' },
};

/** Only resources that carry our tag. */
export const TAGGED = {
  StringLike: { 'aws:ResourceTag/graphql-lambda-bench:run': '*' },
};
