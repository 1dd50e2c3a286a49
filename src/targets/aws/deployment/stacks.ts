import type { CloudFormationClient, Output, Stack, Tag } from '@aws-sdk/client-cloudformation';
import { namePrefix } from '../../../model/deployment.ts';
import { CREATED_TAG, EXPIRES_TAG, KEPT_TAG, RUN_TAG } from './names.ts';

/** A stack that is ours: by its tags, and by its name. */
export interface OurStack {
  id: string;
  name: string;
  run: string;
  /** As CloudFormation names it. */
  status: string;
  /** ISO 8601; null: it has no such tag. */
  createdAt: string | null;
  expiresAt: string | null;
  kept: boolean;
  outputs: Output[];
}

export function tagOf(tags: readonly Tag[] | undefined, key: string): string | null {
  return tags?.find((tag) => tag.Key === key)?.Value ?? null;
}

/** Every stack that is there (not those that are deleted), whosesoever; throws what the SDK throws. */
async function allStacks(client: CloudFormationClient, signal: AbortSignal): Promise<Stack[]> {
  const { paginateDescribeStacks } = await import('@aws-sdk/client-cloudformation');
  const stacks: Stack[] = [];
  for await (const page of paginateDescribeStacks({ client }, {}, { abortSignal: signal })) {
    stacks.push(...(page.Stacks ?? []));
  }
  return stacks;
}

/** The stack of this name or id; null: there is none, or it is deleted and asked for by its name. */
export async function findStack(
  client: CloudFormationClient,
  nameOrId: string,
  signal: AbortSignal,
): Promise<Stack | null> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: nameOrId }), {
      abortSignal: signal,
    });
    return Stacks?.[0] ?? null;
  } catch (error) {
    // "Stack with id NAME does not exist" is a ValidationError like others.
    if (error instanceof Error && /does not exist/.test(error.message)) return null;
    throw error;
  }
}

/** The run a stack belongs to; null: it is not ours. Both its tag and its name must say so. */
export function runOf({ StackName, Tags }: Stack): string | null {
  const run = tagOf(Tags, RUN_TAG);
  return run !== null && StackName?.startsWith(namePrefix(run)) ? run : null;
}

/** Ours, of every run or of one, oldest first. */
export async function ourStacks(
  client: CloudFormationClient,
  signal: AbortSignal,
  run: string | null = null,
): Promise<OurStack[]> {
  const ours: OurStack[] = [];
  for (const stack of await allStacks(client, signal)) {
    if (stack.StackStatus === 'DELETE_COMPLETE') continue;
    const of = runOf(stack);
    if (of === null || (run !== null && of !== run)) continue;
    ours.push({
      id: stack.StackId ?? stack.StackName ?? '',
      name: stack.StackName ?? '',
      run: of,
      status: stack.StackStatus ?? 'UNKNOWN',
      createdAt: tagOf(stack.Tags, CREATED_TAG),
      expiresAt: tagOf(stack.Tags, EXPIRES_TAG),
      kept: tagOf(stack.Tags, KEPT_TAG) === 'true',
      outputs: stack.Outputs ?? [],
    });
  }
  return ours.sort((a, b) => (a.name < b.name ? -1 : 1));
}
