/**
 * A runtime in small, for tests: loads the handler named in argv, then answers each line of stdin
 * `{"traceHeader"?: string, "event": …}` with a line of stdout. The first line tells how long loading took.
 */
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const [, , file = '', exportName = ''] = process.argv;
const beforeMs = performance.now();
const module = (await import(pathToFileURL(file).href)) as Record<string, Handler>;
const handler = module[exportName];
if (handler === undefined) throw new Error(`${file} does not export ${exportName}`);
process.stdout.write(`${JSON.stringify({ loadMs: performance.now() - beforeMs })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { traceHeader, event } = JSON.parse(line) as { traceHeader?: string; event: unknown };
  if (traceHeader === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = traceHeader;
  const startedMs = performance.now();
  const answer = await handler(event, { awsRequestId: 'test' });
  process.stdout.write(`${JSON.stringify({ answer, ms: performance.now() - startedMs })}\n`);
}
