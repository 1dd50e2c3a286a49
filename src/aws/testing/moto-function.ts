import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import type { AwsAccess } from '../../model/ports.ts';
import { lambdaClient } from '../clients.ts';

const ROLE = 'r';
const PRINCIPAL = {
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
};
const IAM_SCOPE =
  'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';

export function motoAccess(endpoint: string): AwsAccess {
  return {
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  };
}

/** A function in moto, with a role it can be given; it is never invoked. */
export async function makeFunction(
  access: AwsAccess,
  name: string,
  variables: Record<string, string>,
): Promise<void> {
  const role = new URLSearchParams({
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: ROLE,
    AssumeRolePolicyDocument: JSON.stringify(PRINCIPAL),
  });
  await fetch(access.endpoint ?? '', {
    method: 'POST',
    headers: { authorization: IAM_SCOPE },
    body: role,
  });
  const client = await lambdaClient(access, 1);
  await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: `arn:aws:iam::123456789012:role/${ROLE}`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from('no code') },
      Environment: { Variables: variables },
    }),
  );
  client.destroy();
}
