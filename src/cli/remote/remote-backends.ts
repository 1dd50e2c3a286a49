import { dynamoOnAws } from '../../backends/dynamo/on-aws.ts';
import type { RemoteBackends } from '../../targets/aws/dependencies.ts';
import { postgresOnAws } from './postgres-on-aws.ts';

/** What each backend is on AWS. */
export const remoteBackends: RemoteBackends = { dynamo: dynamoOnAws, postgres: postgresOnAws };
