import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { listed } from '../../base/words.ts';
import { typedFlags } from '../flags.ts';
import { policyOf, TASKS } from '../policy/policy.ts';

const flagsSchema = z.object({ backend: z.string().default('dynamo') });
const BACKENDS = ['dynamo', 'postgres'] as const;

/** Prints the policy and asks AWS nothing. Throws UsageError for another task or backend. */
export function policyCommand(named: string, raw: unknown): void {
  const task = TASKS.find((one) => one === named);
  if (task === undefined) {
    throw new UsageError(`"${named}" has no policy: choose from ${listed(TASKS)}`);
  }
  const backends = typedFlags(raw, flagsSchema)
    .backend.split(',')
    .map((name) => name.trim());
  const unknown = backends.find((name) => !BACKENDS.some((one) => one === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--backend: "${unknown}" cannot be deployed: choose from ${listed(BACKENDS)}`,
    );
  }
  const scope = { dynamo: backends.includes('dynamo'), postgres: backends.includes('postgres') };
  process.stdout.write(`${JSON.stringify(policyOf(task, scope), null, 2)}\n`);
}
