/** Requests whose log is remembered. */
const REMEMBERED = 256;
/** In characters; whoever shows it cuts it to bytes. */
const TAIL_LENGTH = 4096;

/** The last lines of recent invocations; those that log nothing cost nothing. */
export class LogTails {
  readonly #lines = new Map<string, string>();

  add(requestId: string, line: string): void {
    const before = this.#lines.get(requestId);
    if (before === undefined && this.#lines.size >= REMEMBERED) {
      const [oldest] = this.#lines.keys();
      if (oldest !== undefined) this.#lines.delete(oldest);
    }
    this.#lines.set(requestId, ((before ?? '') + line).slice(-TAIL_LENGTH));
  }

  of(requestId: string): string {
    return this.#lines.get(requestId) ?? '';
  }
}
