import { dynamoClient, lambdaClient } from '../../aws/clients.ts';
import { explained } from '../../aws/explain.ts';
import { ToolError } from '../../base/errors.ts';
import type { DeployedFunction } from '../../model/deployment.ts';
import type { AwsAccess } from '../../model/ports.ts';
import type { RemoteBackend } from '../../model/remote-backend.ts';

/** Batches in flight while tables are filled (seed.ts). */
const PARALLELISM = 16;

/** DynamoDB as the target `aws` deploys it: tables by its stack, filled from here. */
export const dynamoOnAws: RemoteBackend = {
  dataset: ({ dataset }) => ({ name: dataset, indexed: false }),
  /** The stack knows the tables' names. */
  environment: () => ({}),
  seeder: async () => null,

  async seed({ access, asked, progress, signal }) {
    const { seedRemote } = await import('./seed-remote.ts');
    const client = await dynamoClient(access, PARALLELISM);
    try {
      for (const { dataset, function: asking } of asked) {
        const tables = await tablesOf(asking, access, signal);
        await seedRemote({ client, tables, dataset: dataset.name, progress, signal });
      }
    } catch (error) {
      // The SDK has an error of its own for an abort: the caller wants its reason back.
      signal.throwIfAborted();
      throw explained(error, 'fill the tables');
    } finally {
      client.destroy();
    }
  },
};

/** The tables a function asks, as its own variables say. */
async function tablesOf(
  { name }: DeployedFunction,
  access: AwsAccess,
  signal: AbortSignal,
): Promise<{ users: string; tweets: string }> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const client = await lambdaClient(access, 1);
  try {
    const { Environment } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
      { abortSignal: signal },
    );
    const { USERS_TABLE: users, TWEETS_TABLE: tweets } = Environment?.Variables ?? {};
    if (users !== undefined && tweets !== undefined) return { users, tweets };
    throw new ToolError(`the variables of ${name} name no tables: was it changed?`);
  } finally {
    client.destroy();
  }
}
