/** A point in time within an answer: each protocol writes it in its own way, JSON in epoch seconds. */
export class Instant {
  readonly epochS: number;

  constructor(epochS: number) {
    this.epochS = epochS;
  }

  toJSON(): number {
    return this.epochS;
  }
}
