import { randomHex } from '../../ids.ts';
import type { FunctionSpec, InvocationRecord } from '../../types.ts';
import type { Fault, Language } from './faults.ts';
import type { Bench } from './open-bench.ts';

/** Handlers of a language that fail as fixtures/handlers/life-cycle does. */
export interface Handlers {
  language: Language;
  spec: Pick<FunctionSpec, 'runtime' | 'codeFolder' | 'handler'>;
  /** Variables the handler needs. */
  environment: Record<string, string>;
}

/** Makes a function for each of the faults' conditions. */
export async function createFunctions(
  bench: Bench,
  { spec, environment }: Handlers,
  faults: readonly Fault[],
): Promise<void> {
  const made = new Set<string>();
  for (const { conditions } of faults) {
    const name = nameOf(conditions);
    if (made.has(name)) continue;
    made.add(name);
    const { init, timeoutS, memoryMb } = conditions;
    await bench.create(name, {
      ...spec,
      environment: { ...environment, ...(init === undefined ? {} : { INIT: init }) },
      timeoutS: timeoutS ?? 20,
      memoryMb: memoryMb ?? 512,
    });
  }
}

/** What is not as it must be, in words; nothing where all is. */
export async function checkFault(
  bench: Bench,
  language: Language,
  fault: Fault,
): Promise<string[]> {
  const wrong: string[] = [];
  const check = (what: string, found: unknown, expected: unknown): void => {
    const right = expected instanceof RegExp ? expected.test(String(found)) : found === expected;
    if (!right) wrong.push(`${what}: ${String(found)}, not ${String(expected)}`);
  };
  const name = nameOf(fault.conditions);
  const only = fault.only?.[language];
  // Of an init that ended well, an environment may be there: it would not initialise again.
  if (fault.conditions.init !== undefined) await bench.host.endEnvironments(name);
  const before = bench.logs.length;
  const id = randomHex(16);
  const result = await bench.call(name, fault.event, id);
  const record = await recorded(bench, id);
  if (fault.error === null) check('result', result.kind, 'answer');
  else {
    const { type, message, recorded: named } = { ...fault.error, ...fault, ...only };
    const told = result.kind === 'refused' ? {} : parsed(result.payload);
    check('result', result.kind, 'function_error');
    check('errorType', told.errorType, type);
    const text = message instanceof RegExp ? message : message.replace('<id>', id);
    check('errorMessage', told.errorMessage, text);
    check('recorded type', record.errorType, named ?? type);
  }
  check('status', record.status, fault.status);
  const after = only?.after ?? fault.after;
  if (after !== 'none') {
    const again = randomHex(16);
    const next = await bench.call(name, { action: 'echo' }, again);
    check('next result', next.kind, 'answer');
    const { environment, init } = await recorded(bench, again);
    check('environment', environment === record.environment ? 'kept' : 'replaced', after);
    check('next is first', init !== null, after === 'replaced');
  }
  const lines = bench.logs
    .slice(before)
    .filter(({ environment }) => environment === record.environment)
    .map(({ message }) => message);
  let at = 0;
  for (const expected of fault.log ?? []) {
    const found = lines.findIndex((line, i) => i >= at && expected.test(line));
    if (found < 0) wrong.push(`log: no ${expected} in ${JSON.stringify(lines)}`);
    else at = found + 1;
  }
  return wrong;
}

function nameOf({ init, timeoutS, memoryMb }: Fault['conditions']): string {
  return `f-${init ?? 'plain'}-${Math.round((timeoutS ?? 0) * 1000)}-${memoryMb ?? 0}`;
}

/** The record comes once the environment is ready again, or gone. */
async function recorded(bench: Bench, requestId: string): Promise<InvocationRecord> {
  for (;;) {
    const record = bench.records.findLast((found) => found.requestId === requestId);
    if (record !== undefined) return record;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function parsed(payload: Buffer): { errorType?: unknown; errorMessage?: unknown } {
  try {
    return JSON.parse(payload.toString()) as { errorType?: unknown; errorMessage?: unknown };
  } catch {
    return {};
  }
}
