import type { DeploymentSpec, FunctionSpec } from '../../../deploy/stacks/spec.ts';
import type { DeployedFunction, Deployment } from '../../model/deployment.ts';
import { exceedsUsualThrottle } from './throttle.ts';

/** In these a stack is whole; in all others it is being changed, or something failed. */
const WHOLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

/**
 * The newest deployment that is there for all runs and has all that the specification asks for (by key, code, timeout and
 * front), and lives long enough; null where there is none.
 */
export function fittingDeployment(
  all: readonly Deployment[],
  spec: DeploymentSpec,
  { nowMs, neededS }: { nowMs: number; neededS: number },
): Deployment | null {
  // Nothing tells what the stages of a deployment let through beyond the usual.
  if (exceedsUsualThrottle(spec.throttle)) return null;
  const wanted = spec.stacks.flatMap(({ functions }) => functions);
  const fitting = all.filter(
    (one) =>
      one.kept &&
      one.region === spec.region &&
      // A bucket that did not go is of no use to anybody, and does no harm.
      one.stacks.every(({ name, status }) => name.endsWith('-assets') || WHOLE.includes(status)) &&
      Date.parse(one.expiresAt) - nowMs >= neededS * 1000 &&
      wanted.every((each) => one.functions.some((deployed) => serves(deployed, each))),
  );
  const newestFirst = fitting.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return newestFirst[0] ?? null;
}

function serves(deployed: DeployedFunction, wanted: FunctionSpec): boolean {
  return (
    deployed.key === wanted.key &&
    deployed.codeSha256 === wanted.codeSha256 &&
    deployed.timeoutS === wanted.timeoutS &&
    deployed.memoryMb === wanted.memoryMb &&
    (deployed.qualifier !== null) === wanted.alias &&
    wanted.fronts.every((front) => front === 'invoke' || deployed.fronts[front] !== undefined)
  );
}
