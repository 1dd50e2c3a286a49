import { SharedArray } from 'k6/data';
import type { Part } from './draw.ts';
import { escaped, eventText } from './invoke.ts';
import type { Signing } from './sigv4.ts';

/** How load is driven; the words are those of the plan file the engine writes. */
export type Profile =
  | { kind: 'ramp'; ratePerS: number; warmUpS: number; rampS: number; holdS: number }
  | { kind: 'users'; users: number; overS: number }
  | {
      kind: 'closed';
      vus: number;
      thinkTimeS: number;
      warmUpS: number;
      rampS: number;
      holdS: number;
    }
  | { kind: 'cold'; coldStarts: number; warmRequests: number }
  | { kind: 'burst'; ratePerS: number; holdS: number };

/** The plan file, version 1. */
interface PlanFile {
  version: number;
  url: string;
  /** Requests are events for Lambda's Invoke, and `headers` are the events'. */
  asEvent: boolean;
  /** Not null: requests are signed, with the keys of the environment. */
  signing: Signing | null;
  /** Share of the requests that are traced. */
  traceShare: number;
  headers: Record<string, string>;
  /** Scenario `cold`: a POST to it answers 204 once the function is renewed, else it says why not. */
  renewUrl: string | null;
  profile: Profile;
  seed: number;
  requestTimeoutS: number;
  maxVus: number;
  operations: {
    name: string;
    query: string;
    weight: number;
    rows: { variables: Record<string, unknown>; digest: string | null }[];
  }[];
}

/** Its part of [0, 1) is its share of the weights. */
export interface Operation extends Part {
  name: string;
  /** Everything of the request's body before the variables. */
  bodyStart: string;
  /** Where its rows lie in the shared array. */
  firstRow: number;
  rowCount: number;
}

export interface Plan extends Omit<PlanFile, 'operations' | 'version'> {
  operations: Operation[];
  /** Everything of a request's body after the variables. */
  bodyEnd: string;
}

/**
 * The plan once for all virtual users: the first element is the Plan as JSON, the others are rows,
 * each the digest (64 hex digits or nothing) followed by the variables as they stand in the request:
 * JSON, escaped where the request is text within an event. Rows are strings, because an object would
 * be parsed and frozen anew at each access.
 */
const shared = new SharedArray('plan', () => {
  const path = __ENV.BENCH_LOAD_PLAN;
  if (!path) throw new Error('BENCH_LOAD_PLAN does not name the plan file');
  const file = JSON.parse(open(path)) as PlanFile;
  if (file.version !== 1) throw new Error(`plan file of version ${file.version}, expected 1`);
  return pack(file);
}) as unknown as string[];

function pack(file: PlanFile): string[] {
  const rows: string[] = [];
  const operations: Operation[] = [];
  const totalWeight = file.operations.reduce((sum, operation) => sum + operation.weight, 0);
  let weight = 0;
  const event = !file.asEvent ? null : eventText(file.headers);
  const inRequest = (text: string) => (event === null ? text : escaped(text));
  for (const { name, query, weight: own, rows: feed } of file.operations) {
    if (feed.length === 0) throw new Error(`operation ${name} has no rows`);
    const from = weight / totalWeight;
    weight += own;
    operations.push({
      name: encodeURIComponent(name),
      bodyStart: `${event?.beforeBody ?? ''}${inRequest(bodyStartOf(name, query))}`,
      from,
      upTo: weight / totalWeight,
      firstRow: 1 + rows.length,
      rowCount: feed.length,
    });
    for (const row of feed) {
      rows.push((row.digest ?? '') + inRequest(JSON.stringify(row.variables)));
    }
  }
  const bodyEnd = `}${event?.afterBody ?? ''}`;
  return [JSON.stringify({ ...file, operations, bodyEnd }), ...rows];
}

/** Names the operation only where the document does: a server refuses an unknown operationName. */
function bodyStartOf(name: string, query: string): string {
  const named = /^\w+$/.test(name) && new RegExp(`\\b(query|mutation)\\s+${name}\\b`).test(query);
  const operationName = named ? `"operationName":${JSON.stringify(name)},` : '';
  return `{${operationName}"query":${JSON.stringify(query)},"variables":`;
}

export const plan = JSON.parse(shared[0] as string) as Plan;

/** The row at an index: see Operation.firstRow. */
export function rowAt(index: number): string {
  return shared[index] as string;
}
