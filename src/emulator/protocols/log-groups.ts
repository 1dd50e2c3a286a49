import { z } from 'zod';
import type { LogStreamFacts } from '../telemetry/log-group.ts';
import type { Backing } from './backing.ts';
import { groupMembers, groupOf, invalid, logsInput } from './log-input.ts';
import { pageOf } from './pages.ts';

/** Both answer with 50 items at most. */
const PAGE = 50;
const paging = {
  limit: z.int().min(1).max(PAGE).nullish(),
  nextToken: z.string().min(1).nullish(),
};

const groupsSchema = z.object({
  ...paging,
  logGroupNamePrefix: z.string().min(1).max(512).nullish(),
  logGroupNamePattern: z.string().max(512).nullish(),
  logGroupClass: z.enum(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']).nullish(),
});

const streamsSchema = z.object({
  ...groupMembers,
  ...paging,
  logStreamNamePrefix: z.string().min(1).max(512).nullish(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).nullish(),
  descending: z.boolean().nullish(),
});

/** DescribeLogGroups, in order of names. */
export function describeLogGroups(backing: Backing, body: unknown): Record<string, unknown> {
  const input = logsInput(groupsSchema, body);
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
  if (prefix && pattern) {
    throw invalid(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  const wanted = pattern?.toLowerCase();
  const found = backing.logs
    .groups()
    .filter(({ name }) => prefix === null || prefix === undefined || name.startsWith(prefix))
    .filter(({ name }) => wanted === undefined || name.toLowerCase().includes(wanted))
    .filter(() => (input.logGroupClass ?? 'STANDARD') === 'STANDARD');
  const page = pageOf(found, input.nextToken, input.limit ?? PAGE, badToken);
  return {
    logGroups: page.items.map(({ name, createdMs }) => {
      const arn = groupArn(backing, name);
      return {
        logGroupName: name,
        creationTime: createdMs,
        metricFilterCount: 0,
        arn: `${arn}:*`,
        storedBytes: 0,
        logGroupClass: 'STANDARD',
        logGroupArn: arn,
      };
    }),
    ...(page.next === null ? {} : { nextToken: page.next }),
  };
}

/** DescribeLogStreams, by name or by the time of the last event. */
export function describeLogStreams(backing: Backing, body: unknown): Record<string, unknown> {
  const input = logsInput(streamsSchema, body);
  const group = groupOf(backing, input);
  const { logStreamNamePrefix: prefix } = input;
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && typeof prefix === 'string') {
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const found = (backing.logs.streams(group) ?? [])
    .filter(({ name }) => typeof prefix !== 'string' || name.startsWith(prefix))
    .sort(byTime ? (a, b) => a.lastMs - b.lastMs || byName(a, b) : byName);
  if (input.descending === true) found.reverse();
  const page = pageOf(found, input.nextToken, input.limit ?? PAGE, badToken);
  return {
    logStreams: page.items.map(({ name, createdMs, firstMs, lastMs }) => ({
      logStreamName: name,
      creationTime: createdMs,
      firstEventTimestamp: firstMs,
      lastEventTimestamp: lastMs,
      lastIngestionTime: lastMs,
      uploadSequenceToken: '0',
      arn: `${groupArn(backing, group)}:log-stream:${name}`,
      storedBytes: 0,
    })),
    ...(page.next === null ? {} : { nextToken: page.next }),
  };
}

function byName(a: LogStreamFacts, b: LogStreamFacts): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function groupArn({ region, accountId }: Backing, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

const badToken = () => invalid('The specified nextToken is invalid.');
