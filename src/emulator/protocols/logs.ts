import type { Backing } from './backing.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { describeLogGroups, describeLogStreams } from './log-groups.ts';
import { unknownOperation } from './wire.ts';

type Operation = (
  backing: Backing,
  body: unknown,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
  GetLogEvents: getLogEvents,
};

/** CloudWatch Logs. */
export async function logs(
  backing: Backing,
  name: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined) throw unknownOperation();
  return operation(backing, body);
}
