import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chooseInvocations, profileInvocation } from '../analysis/profile/invocations.ts';
import { makeFolder } from '../base/files.ts';
import type { Profiler } from '../model/ports.ts';
import type { InvocationProfile } from '../model/profile.ts';
import type { LoadPlan, LoadProfile } from '../model/scenario.ts';
import { profileLengthS } from '../model/scenario.ts';
import type { ProfiledEndpoint } from './profile-deploy.ts';
import type { ProfileFiles } from './profile-files.ts';
import type { ProfileJob } from './profile-job.ts';
import type { LiveCell } from './provision.ts';
import { signingKeys } from './signing-keys.ts';

const SLOWEST = 5;
/** A profile of five seconds has 5,000 samples an environment. */
const INTERVAL_US = 1000;
const LONGEST_HOLD_S = 5;
const LONGEST_RISE_S = 1;

/** Drives the cell's load for some seconds with the profiler on and keeps the slowest invocations. */
export async function profileInvocations(
  job: ProfileJob,
  profiler: Profiler,
  files: ProfileFiles,
  { cell, operations }: LiveCell,
  { endpoint, codeOf }: ProfiledEndpoint,
): Promise<{ of: number; profiles: InvocationProfile[] }> {
  const { tools, settings, sink, signal, seed } = job;
  const profile = shortened(cell.profile);
  const rawFolder = join(job.folder.path, 'profiles', cell.id, 'raw');
  const credentials = await signingKeys(endpoint, profile, settings.requestTimeoutS);
  const plan: LoadPlan = {
    version: 1,
    url: endpoint.url,
    asEvent: endpoint.asEvent,
    signing: endpoint.signing,
    traceShare: 1,
    headers: endpoint.headers,
    renewUrl: null,
    profile,
    seed,
    requestTimeoutS: settings.requestTimeoutS,
    maxVus: settings.maxVus,
    operations: operations.map(({ origin: _, ...sent }) => sent),
  };
  makeFolder(rawFolder);
  profiler.begin(endpoint, { initIntervalUs: INTERVAL_US, invocationIntervalUs: INTERVAL_US });
  try {
    await tools.target.beginTrial(endpoint);
    await tools.engine.run({
      plan,
      credentials,
      rawFolder,
      supervisor: tools.supervisor,
      signal,
      progress: (progress) =>
        sink({ kind: 'load', cell, expectedS: profileLengthS(profile), progress }),
    });
    await tools.target.endTrial(endpoint);
  } finally {
    profiler.end(endpoint);
    // Its requests are no part of any figure.
    rmSync(rawFolder, { recursive: true, force: true });
  }
  const { chosen, of } = chooseInvocations(profiler.take(endpoint), SLOWEST);
  const profiles = chosen.map((one) => {
    const made = profileInvocation(one, codeOf(one.environment));
    const name = `invocation-${made.summary.kind === 'median' ? 'median-' : ''}${made.summary.traceId}`;
    return { ...made.summary, file: files.write(cell.id, name, made.profile) };
  });
  return { of, profiles };
}

/** The cell's own load for so long as a profile needs; of forced cold starts what follows them. */
function shortened(profile: LoadProfile): LoadProfile {
  const hold = (s: number) => Math.min(s, LONGEST_HOLD_S);
  const rise = (s: number) => Math.min(s, LONGEST_RISE_S);
  switch (profile.kind) {
    case 'ramp':
    case 'closed': {
      const { warmUpS, rampS, holdS } = profile;
      return { ...profile, warmUpS: rise(warmUpS), rampS: rise(rampS), holdS: hold(holdS) };
    }
    case 'users': {
      const overS = hold(profile.overS);
      return { ...profile, overS, users: Math.ceil((profile.users * overS) / profile.overS) };
    }
    case 'burst':
      return { ...profile, holdS: hold(profile.holdS) };
    case 'cold': {
      const still = { thinkTimeS: 0, warmUpS: 0, rampS: 0 };
      return { kind: 'closed', vus: 1, ...still, holdS: LONGEST_HOLD_S };
    }
  }
}
