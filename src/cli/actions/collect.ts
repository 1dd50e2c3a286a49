import { z } from 'zod';
import { positiveS } from '../../config/settings/values.ts';
import type { CollectedTrial } from '../../pipeline/collect-again.ts';
import { findRun } from '../../store/run-store.ts';
import { typedFlags } from '../flags.ts';
import { resultsPath } from '../results-path.ts';
import { withSession } from '../session.ts';
import { shownPath } from '../terminal/shown-path.ts';

const flagsSchema = z.object({ wait: z.string(), results: z.string().optional() });

export async function collectCommand(named: string | undefined, raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const waitMs = positiveS(flags.wait, '--wait') * 1000;
  const folder = findRun(await resultsPath(flags.results), named);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const { collectAgain } = await import('../../pipeline/collect-again.ts');
  const { COLLECTORS } = await import('../tools.ts');
  const collected = await withSession((_, signal) =>
    collectAgain({
      folder,
      collectors: COLLECTORS,
      credentials: null,
      waitMs,
      signal,
      sink: (trial) => say(collectedLine(trial)),
    }),
  );
  if (collected.length === 0) say(`the run ${folder.runId} has no trial that was measured`);
  else if (!collected.some(({ merged }) => merged)) say('nothing new');
  else say(`report: ${shownPath(folder.reportPath)}`);
}

const COUNT = new Intl.NumberFormat('en-US');

/** `dynamo-2048-rest-api-apollo-x1-ramp 3: traces 9,812 → 10,000 of 10,000, REPORT lines 10,000 of 10,000` */
function collectedLine({ cellId, trial, before, after, expected }: CollectedTrial): string {
  const counted = (kind: string, from: number, to: number, of: number | null) => {
    const change = from === to ? COUNT.format(to) : `${COUNT.format(from)} → ${COUNT.format(to)}`;
    return `${kind} ${change}${of === null ? '' : ` of ${COUNT.format(of)}`}`;
  };
  return `${cellId} ${trial}: ${[
    counted('traces', before.traces, after.traces, expected.traces),
    counted('REPORT lines', before.reports, after.reports, expected.reports),
    counted('points of metrics', before.points, after.points, null),
  ].join(', ')}`;
}
