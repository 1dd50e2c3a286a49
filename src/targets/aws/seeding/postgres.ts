import type { LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { DatasetSpec } from '../../../../deploy/stacks/spec.ts';
import { lambdaClient, secretsClient } from '../../../aws/clients.ts';
import { messageOf, ToolError } from '../../../base/errors.ts';
import type { AwsAccess } from '../../../model/ports.ts';

export interface SeedPostgresJob {
  access: AwsAccess;
  /** Id of the deployment's run: what names the seeder and the secret (deploy/stacks/postgres). */
  run: string;
  datasets: readonly DatasetSpec[];
  progress(text: string): void;
  signal: AbortSignal;
}

/** What the database offers to handlers. */
export interface SeededPostgres {
  /** Of all connections, `taken` are not for handlers. */
  connections: { max: number; taken: number };
}

/** Lambda's 15 minutes, and the way. */
const ANSWER_MS = 16 * 60_000;
const TELL_EVERY_MS = 15_000;

const secretSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });
type Admin = z.infer<typeof secretSchema>;

/** What deploy/handlers/seeder answers. */
const answerSchema = z.object({
  schemas: z
    .array(
      z.object({ schema: z.string(), made: z.boolean(), tweets: z.int(), seconds: z.number() }),
    )
    .length(1),
  connections: z.object({ max: z.int(), taken: z.int() }),
});
type Answer = z.infer<typeof answerSchema>;

/**
 * Has the function inside the network fill the database: a call per data set, each of up to 15
 * minutes. What is there and whole is left, so that it may be asked again. The owner's password goes
 * from Secrets Manager into the event and nowhere else. Throws ToolError in words without it, and the
 * signal's reason; a seeder that was asked goes on until it is done or removed.
 */
export async function seedPostgres(job: SeedPostgresJob): Promise<SeededPostgres> {
  const { access, run, datasets, signal } = job;
  const admin = await secretOf(job, `bench-${run}-postgres`);
  const lambda = await lambdaClient(access, 1);
  const seeder = `bench-${run}-seeder`;
  const connections = { max: 0, taken: 0 };
  try {
    for (const [index, dataset] of datasets.entries()) {
      const what = `${dataset.name} (${dataset.indexed ? 'indexed' : 'keys only'})`;
      const place = datasets.length === 1 ? '' : `, ${index + 1} of ${datasets.length}`;
      const answer = await telling(job, `seeding PostgreSQL with ${what}${place}`, () =>
        asked(lambda, seeder, { datasets: [dataset], admin }, signal).catch((error) => {
          signal.throwIfAborted();
          const words = messageOf(error).replaceAll(admin.password, '…');
          throw new ToolError(`PostgreSQL could not be seeded with ${what}: ${words}`);
        }),
      );
      Object.assign(connections, answer.connections);
      job.progress(`${what}: ${described(answer)}`);
    }
  } finally {
    lambda.destroy();
  }
  return { connections };
}

async function secretOf({ access, signal }: SeedPostgresJob, name: string): Promise<Admin> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = await secretsClient(access, 1);
  try {
    const command = new GetSecretValueCommand({ SecretId: name });
    const { SecretString = '' } = await client.send(command, { abortSignal: signal });
    // zod's own message is not shown: of what is no JSON, the parser's would quote a part.
    return secretSchema.parse(JSON.parse(SecretString));
  } catch (error) {
    signal.throwIfAborted();
    const unreadable = error instanceof SyntaxError || error instanceof z.ZodError;
    const why = unreadable ? 'it is not of our kind' : messageOf(error);
    throw new ToolError(
      `the database's password cannot be read from the secret ${name} in ${access.region}: ${why}`,
    );
  } finally {
    client.destroy();
  }
}

async function asked(
  lambda: LambdaClient,
  seeder: string,
  event: { datasets: DatasetSpec[]; admin: Admin },
  signal: AbortSignal,
): Promise<Answer> {
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const command = new InvokeCommand({ FunctionName: seeder, Payload: JSON.stringify(event) });
  // While nothing comes, the client's keep-alive probes hold the connection against NATs and firewalls.
  const { FunctionError, Payload } = await lambda.send(command, {
    abortSignal: signal,
    requestTimeout: ANSWER_MS,
  });
  const answer = json(Buffer.from(Payload ?? []).toString());
  if (FunctionError !== undefined) {
    const failure = z.object({ errorMessage: z.string() }).safeParse(answer);
    const words = failure.success ? failure.data.errorMessage : FunctionError;
    throw new Error(`${words} (its log: /aws/lambda/${seeder})`);
  }
  const parsed = answerSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${seeder} answered what this version of bench does not know; bench destroy and deploy again`,
  );
}

/** Says for how long it has been at work: nothing is heard from inside the network. */
async function telling<T>(
  { progress }: SeedPostgresJob,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const startedMs = performance.now();
  progress(what);
  const timer = setInterval(
    () => progress(`${what}: ${Math.round((performance.now() - startedMs) / 1000)} s`),
    TELL_EVERY_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function described({ schemas: [only] }: Answer): string {
  if (only === undefined) return 'nothing to do';
  const tweets = `${only.tweets.toLocaleString('en-US')} tweets`;
  return only.made ? `${tweets} in ${only.seconds.toFixed(1)} s` : `${tweets} were there`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
