import { formatDurationS } from '../../base/duration.ts';
import { type Deployment, namePrefix } from '../../model/deployment.ts';

/** A deployment on one line: `20261121-093000-x7f2  5 functions  dynamo, postgres  expires in 3 h 12 m`. */
export function deploymentLine(deployment: Deployment, nowMs: number): string {
  const { run, functions, stacks } = deployment;
  const count = functions.length === 1 ? '1 function' : `${functions.length} functions`;
  const states = stacks.map(({ name, status }) => {
    const short = name.replace(namePrefix(run), '');
    return status === 'CREATE_COMPLETE' ? short : `${short} ${status}`;
  });
  return [run, count, states.join(', '), expiry(deployment, nowMs)].join('  ');
}

function expiry({ expiresAt }: Deployment, nowMs: number): string {
  const leftS = (Date.parse(expiresAt) - nowMs) / 1000;
  if (Number.isNaN(leftS)) return 'expires at no known time';
  const length = formatDurationS(Math.abs(leftS));
  return leftS > 0 ? `expires in ${length}` : `expired ${length} ago`;
}

export function isExpired({ expiresAt }: Deployment, nowMs: number): boolean {
  return Date.parse(expiresAt) <= nowMs;
}
