import {
  cloudFormationClient,
  dynamoClient,
  lambdaClient,
  logsClient,
} from '../../../../aws/clients.ts';
import type { AwsAccess } from '../../../../model/ports.ts';
import { bucketClient } from '../clients.ts';

/**
 * What stands in moto's account of the kinds a deployment of DynamoDB is made of: `bucket NAME`. But
 * for REST APIs: moto lets them stand when their stack goes.
 */
export async function everythingIn(access: AwsAccess): Promise<string[]> {
  const { ListBucketsCommand } = await import('@aws-sdk/client-s3');
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const { ListFunctionsCommand } = await import('@aws-sdk/client-lambda');
  const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const { ListTablesCommand } = await import('@aws-sdk/client-dynamodb');
  const [buckets, stacks, functions, groups, tables, roles] = await Promise.all([
    (await bucketClient(access)).send(new ListBucketsCommand({})),
    (await cloudFormationClient(access, 1)).send(new DescribeStacksCommand({})),
    (await lambdaClient(access, 1)).send(new ListFunctionsCommand({})),
    (await logsClient(access, 1)).send(new DescribeLogGroupsCommand({})),
    (await dynamoClient(access, 1)).send(new ListTablesCommand({})),
    roleNames(access),
  ]);
  return [
    ...(buckets.Buckets ?? []).map(({ Name }) => `bucket ${Name}`),
    ...(stacks.Stacks ?? []).map(({ StackName }) => `stack ${StackName}`),
    ...(functions.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`),
    ...(groups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
    ...(tables.TableNames ?? []).map((name) => `table ${name}`),
    ...roles.map((name) => `role ${name}`),
  ].sort();
}

const IAM_SCOPE =
  'AWS4-HMAC-SHA256 Credential=testing/20261120/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';

/** Its client is no dependency of ours, and moto looks at the scope of the signature only. */
async function roleNames(access: AwsAccess): Promise<string[]> {
  const answer = await fetch(`${access.endpoint}/`, {
    method: 'POST',
    headers: { authorization: IAM_SCOPE },
    body: new URLSearchParams({ Action: 'ListRoles', Version: '2010-05-08' }),
  });
  return [...(await answer.text()).matchAll(/<RoleName>(.*?)<\/RoleName>/g)].map(([, name]) =>
    String(name),
  );
}
