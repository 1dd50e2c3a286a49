import type {
  CpuProfile,
  EnvironmentProfile,
  InvocationProfile,
  ProfiledInvocation,
  ToldProfile,
} from '../../model/profile.ts';
import { attribute } from './attribute.ts';
import type { ProfiledCode } from './owners.ts';
import { shownProfile } from './shown-profile.ts';

/** Packages of an invocation that are told; the others are in its file. */
const MOST_PACKAGES = 12;

export interface ChosenInvocation {
  kind: InvocationProfile['kind'];
  invocation: ProfiledInvocation;
  told: ToldProfile;
  environment: EnvironmentProfile;
}

/** The slowest invocations whose profile there is, slowest first, and the one in the middle. */
export function chooseInvocations(
  environments: readonly EnvironmentProfile[],
  slowest: number,
): { chosen: ChosenInvocation[]; of: number } {
  const all = environments.flatMap((environment) => {
    const told = environment.told.find(({ kind }) => kind === 'invocations');
    if (told === undefined) return [];
    return environment.invocations.map((invocation) => ({ invocation, told, environment }));
  });
  const sorted = all.sort((a, b) => durationUs(b.invocation) - durationUs(a.invocation));
  const slow = sorted.slice(0, slowest).map((one) => ({ ...one, kind: 'slow' as const }));
  const middle = sorted[Math.floor(sorted.length / 2)];
  const typical = sorted.length > slowest && middle !== undefined;
  return {
    chosen: typical ? [...slow, { ...middle, kind: 'median' }] : slow,
    of: sorted.length,
  };
}

/** Whose code an invocation ran, and its part of the environment's profile. */
export function profileInvocation(
  { kind, invocation, told }: ChosenInvocation,
  code: ProfiledCode,
): { summary: Omit<InvocationProfile, 'file'>; profile: CpuProfile } {
  const { epochUs, monotonicUs } = told.clock;
  const onProfile = (us: number) => us - epochUs + monotonicUs;
  const window = {
    fromUs: onProfile(invocation.invokedUs),
    toUs: onProfile(invocation.respondedUs),
  };
  const { packages, waitingUs } = attribute(told, code, window);
  const times = [...packages]
    .map(([name, { selfUs }]) => ({ name, selfMs: Math.round(selfUs) / 1000 }))
    .sort((a, b) => b.selfMs - a.selfMs);
  const { requestId, traceId, first } = invocation;
  return {
    summary: {
      ...{ kind, traceId, requestId, first },
      durationMs: durationUs(invocation) / 1000,
      waitingMs: Math.round(waitingUs) / 1000,
      packages: times.slice(0, MOST_PACKAGES),
    },
    profile: shownProfile(told, code, window),
  };
}

function durationUs({ invokedUs, respondedUs }: ProfiledInvocation): number {
  return respondedUs - invokedUs;
}
