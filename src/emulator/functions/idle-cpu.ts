import { readFileSync } from 'node:fs';
import { nowUs } from '../../base/clock.ts';

/** The kernel counts in ticks of 10 ms. */
const STRETCH_US = 200_000;
/** A stretch that began before says nothing of now. */
const STALE_US = 1_000_000;

/** How much of this machine's CPU time was left, for who asks several times a second. */
export class IdleCpu {
  #atUs = 0;
  #ticks = { all: 0, idle: 0 };
  #share = 1;

  /** Of the last stretch of a fifth of a second to one; 1 where that is not known. */
  share(): number {
    const sinceUs = nowUs() - this.#atUs;
    if (sinceUs < STRETCH_US) return this.#share;
    const now = ticks();
    const all = now.all - this.#ticks.all;
    this.#share = sinceUs > STALE_US || all <= 0 ? 1 : (now.idle - this.#ticks.idle) / all;
    this.#ticks = now;
    this.#atUs += sinceUs;
    return this.#share;
  }
}

/** Of all processors. Source: proc_stat(5): user nice system idle iowait irq softirq steal. */
function ticks(): { all: number; idle: number } {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
    const counts = line.split(/\s+/).slice(1, 9).map(Number);
    const [, , , idle = 0, iowait = 0] = counts;
    return { all: counts.reduce((sum, count) => sum + count, 0), idle: idle + iowait };
  } catch {
    return { all: 0, idle: 0 };
  }
}
