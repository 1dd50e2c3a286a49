import { dynamoOnAws } from '../../backends/dynamo/on-aws.ts';
import { postgresOnAws } from '../../backends/postgres/on-aws.ts';
import type { RemoteBackends } from '../../model/remote-backend.ts';

/** What each backend is on AWS. */
export const remoteBackends: RemoteBackends = { dynamo: dynamoOnAws, postgres: postgresOnAws };
