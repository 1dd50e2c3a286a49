import { createHash } from 'node:crypto';
import { messageOf, ToolError } from '../base/errors.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import type { Cell } from '../model/run.ts';
import type { LoadOperation } from '../model/scenario.ts';

/** Longer than an init that runs into Lambda's 10 s and is tried again. */
const TIMEOUT_MS = 40_000;

/** Sends the first row of every operation once. Throws ToolError with the endpoint's own words. */
export async function smokeTest(
  cell: Cell,
  endpoint: ProvisionedEndpoint,
  operations: readonly LoadOperation[],
  signal: AbortSignal,
): Promise<void> {
  for (const operation of operations) {
    const [row] = operation.rows;
    if (row === undefined)
      throw new ToolError(`the operation ${operation.name} has no variables to send`);
    const body = JSON.stringify({
      operationName: operation.name,
      query: operation.query,
      variables: row.variables,
    });
    const answer = await ask(cell, endpoint, body, signal);
    if (row.digest !== null && digestOf(answer) !== row.digest) {
      throw new ToolError(
        `${cell.id} does not answer ${operation.name} as its data set must: ${answer.slice(0, 300)}`,
      );
    }
  }
}

async function ask(
  cell: Cell,
  endpoint: ProvisionedEndpoint,
  body: string,
  signal: AbortSignal,
): Promise<string> {
  let response: Response;
  try {
    response = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...endpoint.headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new ToolError(`${cell.id} does not answer: ${messageOf(error)}`);
  }
  const text = await response.text();
  if (response.ok) return text;
  throw new ToolError(`${cell.id} answers ${response.status}: ${text.slice(0, 500)}`);
}

function digestOf(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('data' in body) || 'errors' in body)
      return null;
    return createHash('sha256').update(JSON.stringify(body.data)).digest('hex');
  } catch {
    return null;
  }
}
