/** Ids in the order they are due; what has the same pause stays in order by itself. */
export class TraceQueue {
  readonly #byPause = new Map<number, { ids: string[]; dueAt: number[]; head: number }>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(id: string, nowMs: number, pauseMs: number): void {
    let line = this.#byPause.get(pauseMs);
    if (line === undefined) {
      line = { ids: [], dueAt: [], head: 0 };
      this.#byPause.set(pauseMs, line);
    }
    line.ids.push(id);
    line.dueAt.push(nowMs + pauseMs);
    this.#size += 1;
  }

  /** Up to `limit` ids that are due, those that are due longest first. */
  take(limit: number, nowMs: number): string[] {
    const taken: string[] = [];
    while (taken.length < limit) {
      let first: { ids: string[]; dueAt: number[]; head: number } | null = null;
      for (const line of this.#byPause.values()) {
        const due = line.dueAt[line.head] ?? Number.POSITIVE_INFINITY;
        if (due > nowMs) continue;
        if (first === null || due < (first.dueAt[first.head] as number)) first = line;
      }
      if (first === null) break;
      taken.push(first.ids[first.head] as string);
      first.head += 1;
      this.#size -= 1;
      if (first.head > 1000 && first.head * 2 > first.ids.length) {
        first.ids.splice(0, first.head);
        first.dueAt.splice(0, first.head);
        first.head = 0;
      }
    }
    return taken;
  }

  /** When `count` ids are due, or all there are; null where there are none. */
  dueAt(count: number): number | null {
    const soonest: number[] = [];
    for (const line of this.#byPause.values()) {
      soonest.push(...line.dueAt.slice(line.head, line.head + count));
    }
    soonest.sort((a, b) => a - b);
    return soonest[Math.min(count, soonest.length) - 1] ?? null;
  }
}
