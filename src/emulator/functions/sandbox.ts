import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisedProcess } from '../../base/processes/supervisor.ts';
import type { ControlGroup } from '../cgroups/index.ts';
import { lineSplitter } from './log-lines.ts';
import { type Meter, meterOf } from './meter.ts';

/** Starts the processes of an environment; its Runtime API already listens at `address`. */
export type Launch = (
  address: string,
) => Promise<{ process: SupervisedProcess; group: ControlGroup | null }>;

/** The peak of memory is read at most this often. */
const MEMORY_EVERY_US = 50_000;

/**
 * How long output is awaited once the first process has ended. A process it left in a session of its
 * own holds the pipes open for as long as it lives.
 */
const DRAIN_MS = 250;

/** The processes of one environment: their CPU, memory, output, and whether they run. */
export class Sandbox {
  readonly meter: Meter;
  /** How the first process ended, once what it wrote has been handed on. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #process: SupervisedProcess;
  readonly #group: ControlGroup | null;
  #frozen = false;
  #memory = { mb: 0, atUs: Number.NEGATIVE_INFINITY };

  constructor(
    { process, group }: Awaited<ReturnType<Launch>>,
    nodejs: boolean,
    onLine: (line: string) => void,
  ) {
    this.#process = process;
    this.#group = group;
    this.meter = meterOf(process.pid, group);
    for (const stream of [process.child.stdout, process.child.stderr]) {
      const lines = lineSplitter(nodejs, onLine);
      stream?.on('data', (chunk: Buffer) => lines.write(chunk));
      stream?.on('end', () => lines.end());
      stream?.on('error', () => {});
    }
    const closed = new Promise((resolve) => process.child.once('close', resolve));
    this.ended = process.ended.then(async (how) => {
      const late = new AbortController();
      const waited = delay(DRAIN_MS, undefined, { signal: late.signal }).catch(() => {});
      await Promise.race([closed, waited]);
      late.abort();
      process.child.stdout?.destroy();
      process.child.stderr?.destroy();
      return how;
    });
  }

  freeze(): void {
    if (this.#frozen) return;
    this.#frozen = true;
    this.#process.signal('SIGSTOP');
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#process.signal('SIGCONT');
  }

  kill(): void {
    this.meter.read();
    this.#process.signal('SIGKILL');
  }

  setCpus(vcpus: number): void {
    this.#group?.setCpus(vcpus);
  }

  get outOfMemory(): boolean {
    return (this.#group?.outOfMemoryKills() ?? 0) > 0;
  }

  /** Reads the peak now: what Node's shared pages take can be read of a living process only. */
  noteMemory(): void {
    this.#memory.mb = Math.max(this.#memory.mb, this.meter.peakMemoryMb());
  }

  peakMemoryMb(atUs: number): number {
    if (atUs - this.#memory.atUs >= MEMORY_EVERY_US) {
      this.#memory = { mb: Math.max(this.#memory.mb, this.meter.peakMemoryMb()), atUs };
    }
    return this.#memory.mb;
  }

  /** After it has ended: takes its counters and removes its group. */
  release(): void {
    this.meter.read();
    this.#group?.remove();
  }
}
