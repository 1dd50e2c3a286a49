import { threeDigits } from '../../../base/numbers.ts';
import type { Plan } from '../../../model/run.ts';
import { INIT_MS } from './durations.ts';
import { ANSWER_S, COLD_START_S } from './load.ts';
import type { CellUse } from './priced.ts';
import { LOG_BYTES, READS_A_TRACE } from './trial.ts';

/** What an estimate rests on, as sentences; of functions only where one is known. */
export function assumptionsOf(
  plan: Plan,
  uses: readonly CellUse[],
  keptS: number | null,
): string[] {
  const lambda = uses.some(({ known }) => known.lambda);
  const kinds = new Set(plan.cells.map(({ profile }) => profile.kind));
  const url = plan.target === 'url';
  const said: [boolean, string][] = [
    [
      true,
      'List prices on demand, first tier of volume; no free tier, no savings plan, no tax. A cap is held against the high figure.',
    ],
    [
      lambda,
      'A warm call is billed what was measured on the local Lambda (3 to 4 ms) at the least, at the most 60 ms at 1024 MB, the published average, ten times that for Postgres beyond x1, 500 ms for a handler that is not ours; and in proportion more below 1024 MB.',
    ],
    [
      lambda,
      `An initialisation is billed ${INIT_MS.low} to ${threeDigits(INIT_MS.high)} ms; there is one of them a trial at the least, at the most twice as many as requests can overlap.`,
    ],
    [
      true,
      `${Number((plan.traceShare * 100).toPrecision(3))}% of the requests are traced, and a trace is retrieved ${READS_A_TRACE.low} to ${READS_A_TRACE.high} times until it is complete.`,
    ],
    [
      lambda,
      `An invocation leaves ${LOG_BYTES.low} to ${LOG_BYTES.high} bytes of JSON log; reading logs costs nothing with FilterLogEvents, and $0.005 a GB with Logs Insights, which is not in it.`,
    ],
    [
      kinds.has('closed'),
      `Users that wait for an answer get it after ${ANSWER_S.low * 1000} to ${ANSWER_S.high * 1000} ms: how many requests they send is known between these only.`,
    ],
    [
      kinds.has('cold'),
      `A forced cold start takes ${COLD_START_S.low} to ${COLD_START_S.high} s on AWS.`,
    ],
    [
      !url && keptS !== null,
      'What is kept is counted to its expiry; it goes by "bench destroy --expired" only, and costs until then.',
    ],
  ];
  return said.flatMap(([holds, sentence]) => (holds ? [sentence] : []));
}

/** What is not in an estimate and why. */
export function lackingOf(plan: Plan, uses: readonly CellUse[]): string[] {
  const fronts = new Set(uses.map(({ cell }) => cell.endpoint.front));
  const unknown = uses.filter(({ known }) => !known.lambda).length;
  const sizeless = uses.some(({ cell, known }) => known.lambda && cell.endpoint.memoryMb === null);
  const said: [boolean, string][] = [
    [
      unknown > 0,
      `What runs behind ${unknown === uses.length ? 'the endpoints' : `${unknown} of ${uses.length} cells`} is not known: of them only requests, transfer and traces, if they are recorded, are in it.`,
    ],
    [sizeless, 'The memory of a function is not known: its compute is not in it.'],
    [
      plan.target === 'url' && unknown < uses.length,
      'What stands behind your handlers is not in it.',
    ],
    [fronts.has('appsync'), 'AppSync is not in it: no price of it is held.'],
    [fronts.has('other'), 'A front that the configuration does not name is not in it.'],
    [
      true,
      'Where Transaction Search is on, traces are paid as logs, by the GB: that is not in it.',
    ],
  ];
  return said.flatMap(([holds, sentence]) => (holds ? [sentence] : []));
}
