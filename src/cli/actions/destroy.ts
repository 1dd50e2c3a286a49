import { z } from 'zod';
import { ToolError, UsageError } from '../../base/errors.ts';
import { type Deployment, type Leftover, leftoverLines } from '../../model/deployment.ts';
import type { AwsAccess } from '../../model/ports.ts';
import { typedFlags } from '../flags.ts';
import { confirm } from '../planning/confirm.ts';
import { awsAccess } from '../remote/aws-access.ts';
import { chosenRegion } from '../remote/chosen-region.ts';
import { deploymentLine, isExpired } from '../remote/deployment-lines.ts';
import { withSession } from '../session.ts';
import { terminalHere } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';

const flagsSchema = z.object({
  run: z.string().optional(),
  expired: z.boolean().default(false),
  region: z.string().optional(),
  yes: z.boolean().default(false),
});
type Flags = z.infer<typeof flagsSchema>;

export async function destroyCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  if (flags.expired && flags.run !== undefined) {
    throw new UsageError(
      '--run and --expired are two ways to say what goes; leave one of them out',
    );
  }
  const access = awsAccess(chosenRegion(flags.region));
  const { listDeployments } = await import('../../targets/aws/deployment/list.ts');
  const leftovers = await withSession(
    async (_, signal) => {
      const nowMs = Date.now();
      const all = await listDeployments(access, signal);
      const chosen = choose(all, flags, nowMs, access);
      if (chosen.length === 0) return [];
      const lines = chosen.map((one) => `  ${deploymentLine(one, nowMs)}\n`).join('');
      process.stderr.write(`in ${access.region}:\n${lines}`);
      if (!flags.yes) {
        const what = chosen.length === 1 ? 'it' : `all ${chosen.length}`;
        const size = `the removal of ${what}, with tables, logs and databases`;
        await confirm(size, 'say --yes where nobody can be asked', terminalHere());
      }
      return await destroyAll(chosen, access, signal);
    },
    { graceMs: null },
  );
  if (leftovers.length === 0) return;
  process.stdout.write(`${leftoverLines(leftovers)}\n`);
  const count = leftovers.length === 1 ? 'one resource is' : `${leftovers.length} resources are`;
  throw new ToolError(`${count} left: try again, or remove what is left with the commands above`);
}

function choose(
  all: readonly Deployment[],
  { run, expired }: Flags,
  nowMs: number,
  { region }: AwsAccess,
): Deployment[] {
  if (expired) {
    const over = all.filter((one) => isExpired(one, nowMs));
    if (over.length === 0) process.stderr.write(`nothing of bench has expired in ${region}\n`);
    return over;
  }
  const found = run === undefined ? [...all] : all.filter((one) => one.run.startsWith(run));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return [only];
  if (run === undefined && only === undefined) {
    process.stderr.write(`nothing of bench stands in ${region}\n`);
    return [];
  }
  const listed = all.map((one) => `\n  ${deploymentLine(one, nowMs)}`).join('');
  const what = run === undefined ? '--run: say which' : `--run: "${run}" is not one deployment`;
  throw new UsageError(
    `${what}; in ${region} there ${all.length === 0 ? 'is none' : `are${listed}`}`,
  );
}

async function destroyAll(
  chosen: readonly Deployment[],
  access: AwsAccess,
  signal: AbortSignal,
): Promise<Leftover[]> {
  const { destroy } = await import('../../targets/aws/deployment/destroy.ts');
  const progress = createProgress(process.stderr);
  const leftovers: Leftover[] = [];
  try {
    for (const { run } of chosen) {
      leftovers.push(
        ...(await destroy(run, {
          access,
          signal,
          progress: (text) => progress.step(`${run}: ${text}`),
        })),
      );
    }
  } finally {
    progress.end();
  }
  return leftovers;
}
