import type { WriteStream } from 'node:tty';
import { formatDurationS } from '../../base/duration.ts';
import { formatMs, threeDigits } from '../../base/numbers.ts';
import type { GateResult } from '../../model/gate.ts';
import type { RunEvent, RunSink } from '../../pipeline/types.ts';

/** Shows what a run says: one live line in a terminal, a line per stage where it is none. */
export interface Progress {
  sink: RunSink;
  step(text: string): void;
  /** Takes the live line away. */
  end(): void;
}

type LoadEvent = Extract<RunEvent, { kind: 'load' }>;

const UNFINISHED = new Set(['trial-interrupted', 'trial-failed']);
/** Without a terminal, load is told this often. */
const PLAIN_EVERY_S = 10;

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const live = stream.isTTY ? liveLine(stream as WriteStream) : null;
  let position = '';
  let plainToldS = 0;

  const say = (line: string) => {
    live?.clear();
    stream.write(`${line}\n`);
  };
  const step = (text: string) => (live === null ? say(text) : live.show(text));

  const load = (event: LoadEvent) => {
    const line = `${position}${event.cell.id}  ${loadLine(event)}`;
    if (live !== null) return live.show(line);
    if (event.progress.elapsedS - plainToldS < PLAIN_EVERY_S) return;
    plainToldS = event.progress.elapsedS;
    say(line);
  };

  const sink: RunSink = (event) => {
    switch (event.kind) {
      case 'run-started': {
        const trials = event.trials === 1 ? '1 trial' : `${event.trials} trials`;
        const most = event.open ? 'at most ' : '';
        return say(
          `run ${event.runId}: ${most}${trials}, about ${formatDurationS(event.expectedS)}`,
        );
      }
      case 'step':
        return step(position + event.text);
      case 'trial-started':
        position = `[${event.index}/${event.of}] `;
        plainToldS = 0;
        return step(`${position}${event.cellId}: starting`);
      case 'load':
        return load(event);
      case 'trial-ended': {
        const { trial } = event;
        const seconds = (trial.window.endedUs - trial.window.startedUs) / 1e6;
        say(
          `${position}${trial.cellId}: ${trial.merge?.requests ?? 0} requests in ${formatDurationS(seconds)}`,
        );
        position = '';
        return;
      }
      case 'gate-looked':
        return say(lookLine(event.result));
      case 'warning':
        // Warnings stand under the table in the end; the worst are worth knowing at once.
        if (event.warning.severity === 'void') say(`${position}void: ${event.warning.message}`);
        // Of a trial that did not finish nothing else is said: what follows is of the run.
        if (UNFINISHED.has(event.warning.code)) position = '';
        return;
    }
  };
  return { sink, step, end: () => live?.clear() };
}

/** `7 pairs: not decided yet (init)` */
function lookLine({ mode, rounds, rows, verdict }: GateResult): string {
  const open = rows.filter((row) => row.verdict === 'inconclusive' && !row.guard);
  const named = [...new Set(open.map(({ metric }) => metric))].join(', ');
  const state = verdict === 'inconclusive' ? `not decided yet (${named})` : verdict;
  return `${rounds.run} ${mode === 'paired' ? 'pairs' : 'rounds'}: ${state}`;
}

function loadLine({ cell, expectedS, progress }: LoadEvent): string {
  const { dropped, failures } = progress;
  const errors = `${failures} errors`;
  // It takes as long as the function takes to be ready, and its rate says nothing.
  if (cell.profile.kind === 'cold') {
    return `${progress.iterations} of ${cell.profile.coldStarts} cold starts  ${errors}`;
  }
  const elapsedS = Math.min(progress.elapsedS, expectedS);
  return [
    `${Math.round(elapsedS)} of ${formatDurationS(expectedS)}`,
    `${threeDigits(progress.ratePerS)} requests/s`,
    `p95 ${formatMs(progress.p95Ms)}`,
    dropped > 0 ? `${errors}  ${dropped} dropped` : errors,
  ].join('  ');
}

function liveLine(stream: WriteStream) {
  const clear = () => stream.write('\r\u001b[2K');
  return {
    clear,
    show: (line: string) => {
      const width = (stream.columns ?? 80) - 1;
      stream.write(`\r\u001b[2K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
    },
  };
}
