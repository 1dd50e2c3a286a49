import { join, resolve } from 'node:path';
import { formatDurationS } from '../../base/duration.ts';
import { UsageError } from '../../base/errors.ts';
import { dollars } from '../../base/numbers.ts';
import { newRunId } from '../../base/run-id.ts';
import { prepareCells } from '../../pipeline/prepare-cells.ts';
import { resourceLines } from '../planning/cost-lines.ts';
import { type Planned, planned } from '../planning/planned.ts';
import { resourcesOf, stackShapes } from '../planning/planned-resources.ts';
import { admit } from '../remote/admit.ts';
import { closing, tellUnclosed } from '../remote/closing.ts';
import { deploymentLine } from '../remote/deployment-lines.ts';
import { openAws, type Session } from '../remote/open-target.ts';
import { noWill, sessionOf } from '../remote/session-of.ts';
import { settingsOf } from '../remote/settings-of.ts';
import { withSession } from '../session.ts';
import { terminalHere } from '../terminal/ask.ts';
import { createProgress } from '../terminal/progress.ts';
import { shownPath } from '../terminal/shown-path.ts';

type Flags = Record<string, unknown> & { synth?: string; target?: string };

export async function deployCommand(raw: unknown): Promise<void> {
  const { synth, ...flags } = raw as Flags;
  if (flags.target !== undefined && flags.target !== 'aws') {
    throw new UsageError(`--target: nothing is deployed to ${flags.target}`);
  }
  const asked = await planned({ ...flags, target: 'aws', keep: true });
  if (synth !== undefined) return await writeTemplates(asked, synth);
  const { plan } = asked;
  const { architecture = 'arm64', expiresS = 0 } = asked.options.remote ?? {};
  process.stderr.write(`${resourceLines(resourcesOf(stackShapes(plan, architecture)))}\n`);
  const admitted = await admit(asked, plan, terminalHere(), (_, { usd, standingUsdPerHour }) => {
    const standing = `up to $${dollars(standingUsdPerHour.high)} an hour while it stands`;
    return `a deployment for ${formatDurationS(expiresS)}, ${standing}, $${dollars(usd.low)} to $${dollars(usd.high)} with one run of this plan`;
  });
  const deployment = await inSession(async (session) => {
    const target = await openAws(asked.options, plan, newRunId(new Date()), admitted, session);
    const { result, unclosed } = await closing(
      () => target,
      tellUnclosed,
      async () => {
        await target.prepare(await prepared(asked, session));
        return target.deployment();
      },
    );
    if (unclosed !== null) throw unclosed;
    return result;
  });
  process.stdout.write(`${deploymentLine(deployment, Date.now())}\n`);
}

/** Stands for the account: templates for a review are the same whoever reads them. */
const NO_ACCOUNT = '000000000000';

async function writeTemplates(asked: Planned, folder: string): Promise<void> {
  const { options, plan } = asked;
  if (folder === '') throw new UsageError('--synth: no folder is given');
  const path = resolve(folder);
  const stacks = await inSession(async (session) => {
    const { specOf } = await import('../../targets/aws/spec-of.ts');
    const { addSeeders } = await import('../../targets/aws/add-seeders.ts');
    const { synth } = await import('../../targets/aws/deployment/synth.ts');
    const { remoteBackends } = await import('../remote/remote-backends.ts');
    const { architecture = 'arm64', expiresS = 0 } = options.remote ?? {};
    const createdAt = new Date();
    const spec = specOf(await prepared(asked, session), remoteBackends, {
      run: newRunId(createdAt),
      account: NO_ACCOUNT,
      region: plan.region,
      architecture,
      createdAt,
      expiresS,
      kept: true,
    });
    await addSeeders(spec, remoteBackends, session.supervisor.ownFolder('bench-seeder'));
    session.step('writing the templates');
    await synth(spec, path, session);
    return spec.stacks;
  });
  for (const { name } of stacks) {
    process.stdout.write(`${shownPath(join(path, `${name}.template.json`))}\n`);
  }
}

function prepared(asked: Planned, session: Session) {
  const { plan, options, backends } = asked;
  const { supervisor, signal, step } = session;
  return prepareCells({
    plan,
    tools: { supervisor, backends },
    settings: settingsOf(options),
    sink: (event) => {
      if (event.kind === 'step') step(event.text);
    },
    signal,
  });
}

async function inSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const progress = createProgress(process.stderr);
  const will = noWill();
  try {
    return await withSession(
      (supervisor, signal) => work({ supervisor, signal, step: progress.step, will }),
      sessionOf('aws', will),
    );
  } finally {
    progress.end();
  }
}
