import type { GateCell } from '../sides.ts';
import type { CauseText } from './growth.ts';

/** What an endpoint answers may be long. */
const LONGEST = 200;

/** The commonest failure of head that base does not have; else the commonest of all. */
export function failureCause({ base, head }: GateCell): CauseText | null {
  const failures = [...(head?.failures ?? [])].sort((a, b) => b.requests - a.requests);
  const before = ({ outcome, error }: { outcome: string; error: string }) =>
    base?.failures.find((one) => one.outcome === outcome && one.error === error)?.requests ?? 0;
  const most = failures.find((one) => before(one) === 0) ?? failures[0];
  if (most === undefined) return null;
  const { outcome, error, requests } = most;
  const text = error.length > LONGEST ? `${error.slice(0, LONGEST)}…` : error;
  const what = text === '' ? outcome : `${outcome}: ${text}`;
  const counted = `${requests.toLocaleString('en-US')} request${requests === 1 ? '' : 's'} of head`;
  const others = before(most);
  const ofBase =
    others === 0 ? 'none of base did' : `${others.toLocaleString('en-US')} of base did`;
  const beside = base === null ? '' : `; ${ofBase}`;
  return { sentence: `${counted} failed with “${what}”${beside}.`, parts: [] };
}
