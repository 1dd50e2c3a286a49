import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { listed } from '../../base/words.ts';
import { oneOf, split } from '../../config/settings/values.ts';
import { REMOTE_BACKENDS } from '../../model/remote-backend.ts';
import { typedFlags } from '../flags.ts';
import { policyOf, TASKS } from '../policy/policy.ts';

const flagsSchema = z.object({ backend: z.string().default('dynamo') });

/** Prints the policy and asks AWS nothing. Throws UsageError for another task or backend. */
export function policyCommand(named: string, raw: unknown): void {
  const task = TASKS.find((one) => one === named);
  if (task === undefined) {
    throw new UsageError(`"${named}" has no policy: choose from ${listed(TASKS)}`);
  }
  const { backend } = typedFlags(raw, flagsSchema);
  const backends = split(backend, '--backend').map((name) =>
    oneOf(name, '--backend', REMOTE_BACKENDS),
  );
  const scope = { dynamo: backends.includes('dynamo'), postgres: backends.includes('postgres') };
  process.stdout.write(`${JSON.stringify(policyOf(task, scope), null, 2)}\n`);
}
