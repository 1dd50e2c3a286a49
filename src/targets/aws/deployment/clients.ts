import { cloudFormationClient, s3Client } from '../../../aws/clients.ts';
import type { AwsAccess } from '../../../model/ports.ts';

const PARALLELISM = 8;

export async function stackClient(access: AwsAccess) {
  return await cloudFormationClient(access, PARALLELISM);
}

export async function bucketClient(access: AwsAccess) {
  const client = await s3Client(access, PARALLELISM);
  // Names of buckets below a stand-in's host name do not resolve.
  if (access.endpoint !== null) client.config.forcePathStyle = true;
  return client;
}
