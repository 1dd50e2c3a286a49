import type { LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { DatasetSpec } from '../../../deploy/stacks/spec.ts';
import { lambdaClient, secretsClient } from '../../aws/clients.ts';
import { messageOf, ToolError } from '../../base/errors.ts';
import { parseJson } from '../../base/parse-json.ts';
import { namePrefix } from '../../model/deployment.ts';
import type { AwsAccess } from '../../model/ports.ts';

interface RemoteSeedJob {
  access: AwsAccess;
  /** Id of the deployment's run: what names the seeder and the secret (deploy/stacks/postgres). */
  run: string;
  datasets: readonly DatasetSpec[];
  progress(text: string): void;
  signal: AbortSignal;
}

/** Lambda's 15 minutes, and the way. */
const ANSWER_MS = 16 * 60_000;
const TELL_EVERY_MS = 15_000;

const secretSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });
type Admin = z.infer<typeof secretSchema>;

/** What deploy/handlers/seeder answers. */
const answerSchema = z.object({
  /** A call asks for one. */
  schemas: z.tuple([
    z.object({ schema: z.string(), made: z.boolean(), tweets: z.int(), seconds: z.number() }),
  ]),
  connections: z.object({ max: z.int(), taken: z.int() }),
});
type Answer = z.infer<typeof answerSchema>;

/**
 * Has the function inside the network fill the database: a call per data set, each of up to 15
 * minutes. What is there and whole is left, so that it may be asked again. The owner's password goes
 * from Secrets Manager into the event and nowhere else. Throws ToolError in words without it, and the
 * signal's reason; a seeder that was asked goes on until it is done or removed.
 */
export async function seedRemote(job: RemoteSeedJob): Promise<void> {
  const { access, run, datasets, signal } = job;
  const admin = await secretOf(job, `${namePrefix(run)}postgres`);
  const lambda = await lambdaClient(access, 1);
  const seeder = `${namePrefix(run)}seeder`;
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
      job.progress(`${what}: ${described(answer)}`);
    }
  } finally {
    lambda.destroy();
  }
}

async function secretOf({ access, signal }: RemoteSeedJob, name: string): Promise<Admin> {
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
  const answer = parseJson(Buffer.from(Payload ?? []).toString());
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
  { progress }: RemoteSeedJob,
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

function described({ schemas: [{ tweets, made, seconds }], connections }: Answer): string {
  const rows = `${tweets.toLocaleString('en-US')} tweets`;
  const how = made ? `in ${seconds.toFixed(1)} s` : 'were there';
  // An environment has one: those beyond are refused by the database.
  return `${rows} ${how}, ${connections.max - connections.taken} connections for environments`;
}
