import { formatDurationS } from '../../base/duration.ts';
import type { Deployment, Leftover } from '../../model/deployment.ts';

/** A deployment on one line: `20261121-093000-x7f2  5 functions  dynamo, postgres  expires in 3 h 12 m`. */
export function deploymentLine(deployment: Deployment, nowMs: number): string {
  const { run, functions, stacks } = deployment;
  const count = functions.length === 1 ? '1 function' : `${functions.length} functions`;
  const states = stacks.map(({ name, status }) => {
    const short = name.startsWith(`bench-${run}-`) ? name.slice(`bench-${run}-`.length) : name;
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

/** What is left over, each with the command that removes it. */
export function leftoverLines(leftovers: readonly Leftover[]): string {
  return leftovers
    .map(({ type, id, reason, command }) =>
      [`${type} ${id}`, ...(reason === null ? [] : [`  ${reason}`]), `  ${command}`].join('\n'),
    )
    .join('\n');
}
