import { UsageError } from '../../base/errors.ts';

/** Shown of many of one kind: a file with a thousand broken lines is broken in one way. */
const SHOWN = 12;

/** What is wrong with the user's files, gathered so that all of it is told at once. */
export class FileProblems {
  readonly #named: string;
  readonly #texts = new Set<string>();

  /** @param named how messages call the setting that names the files */
  constructor(named: string) {
    this.#named = named;
  }

  /** @param at `file`, `file:line` or `file:line:column` */
  add(at: string, text: string): void {
    this.#texts.add(`${at}: ${text}`);
  }

  get any(): boolean {
    return this.#texts.size > 0;
  }

  /** Throws UsageError naming the setting and every problem; nothing where there is none. */
  throwIfAny(): void {
    const texts = [...this.#texts];
    const [first] = texts;
    if (first === undefined) return;
    if (texts.length === 1) throw new UsageError(`${this.#named}: ${first}`);
    const more = texts.length > SHOWN ? [`and ${texts.length - SHOWN} more`] : [];
    const lines = [...texts.slice(0, SHOWN), ...more].map((text) => `\n  ${text}`);
    throw new UsageError(`${this.#named}: ${texts.length} problems${lines.join('')}`);
  }
}
