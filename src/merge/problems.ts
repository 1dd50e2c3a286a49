import { RAW_FILES } from '../model/raw.ts';
import type { Warning } from '../model/warning.ts';

/** Counts what could not be read, and keeps the first few descriptions of each file. */
export class Problems {
  readonly #byFile = new Map<string, { count: number; examples: string[] }>();

  add(file: string, description: string, times = 1): void {
    if (times === 0) return;
    const entry = this.#byFile.get(file) ?? { count: 0, examples: [] };
    entry.count += times;
    if (entry.examples.length < 3 && !entry.examples.includes(description)) {
      entry.examples.push(description);
    }
    this.#byFile.set(file, entry);
  }

  get count(): number {
    let total = 0;
    for (const entry of this.#byFile.values()) total += entry.count;
    return total;
  }

  /** In the order of RAW_FILES: files are read at the same time. */
  warnings(): Warning[] {
    const places = Object.values<string>(RAW_FILES);
    const found = [...this.#byFile].sort(([a], [b]) => places.indexOf(a) - places.indexOf(b));
    return found.map(([file, { count, examples }]) => ({
      code: 'damaged-raw-data',
      severity: 'doubtful',
      message: `${file}: ${count} ${count === 1 ? 'piece' : 'pieces'} could not be read and ${count === 1 ? 'was' : 'were'} left out: ${examples.join('; ')}`,
    }));
  }
}
