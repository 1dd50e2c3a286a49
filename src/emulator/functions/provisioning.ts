import type { ProvisionedState } from '../types.ts';
import type { Provisioned } from './provisioned.ts';
import { lambdaDate } from './versions.ts';

/** What the provisioning of a function needs of it. */
export interface ProvisioningPlace {
  /** The version a qualifier stands for, its first where it stands for two. */
  versionOf(qualifier: string): string;
  /** The provisioned environments of a version that exists. */
  provisionedOf(version: string): Provisioned;
  /** Those of all versions that have had any. */
  all(): Iterable<[version: string, provisioned: Provisioned]>;
}

/**
 * What is provisioned for the qualifiers of one function, and by it for its versions. When an alias
 * moves, its environments of the old version end before those of the new one begin.
 * Source: Lambda Developer Guide, "Configuring provisioned concurrency for a function": it is
 * deallocated from the old version and then allocated to the new one.
 */
export class Provisioning {
  readonly #place: ProvisioningPlace;
  readonly #configs = new Map<string, { requested: number; lastModified: string }>();
  /** Environments that are too many, until they are gone. */
  readonly #ending = new Set<Promise<void>>();
  #applied: Promise<void> = Promise.resolve();

  constructor(place: ProvisioningPlace) {
    this.#place = place;
  }

  /** In the order in which they were set first. */
  get qualifiers(): string[] {
    return [...this.#configs.keys()];
  }

  /** Of all qualifiers but one. */
  totalWithout(qualifier: string): number {
    let total = 0;
    for (const [name, { requested }] of this.#configs) if (name !== qualifier) total += requested;
    return total;
  }

  requestedFor(qualifier: string): number {
    return this.#configs.get(qualifier)?.requested ?? 0;
  }

  /** null: nothing is provisioned for it. */
  state(qualifier: string): ProvisionedState | null {
    const config = this.#configs.get(qualifier);
    if (config === undefined) return null;
    const { requested, lastModified } = config;
    const provisioned = this.#of(qualifier);
    // Not yet its own: those of the version the alias stood for are still ending.
    const begun = provisioned.requested === requested;
    const available = begun ? provisioned.available : 0;
    const problem = begun ? provisioned.problem : null;
    const done = available >= requested ? 'READY' : 'IN_PROGRESS';
    return {
      requested,
      available,
      status: problem === null ? done : 'FAILED',
      reason: problem,
      lastModified,
    };
  }

  /** @param environments 0: none, and no configuration */
  set(qualifier: string, environments: number): void {
    if (environments === 0) this.#configs.delete(qualifier);
    else this.#configs.set(qualifier, { requested: environments, lastModified: lambdaDate() });
    this.apply();
  }

  /** Has each version what is provisioned for it now: after a qualifier came to stand for another one. */
  apply(): void {
    const wanted = this.#wanted();
    for (const [version, provisioned] of this.#place.all()) {
      const environments = wanted.get(version) ?? 0;
      if (provisioned.requested <= environments) continue;
      const ending = provisioned.resize(environments).finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
    }
    if (this.#ending.size === 0) this.#grow();
    else this.#applied = this.#growWhenEnded();
  }

  /**
   * Resolves when those that are too many are gone, and those of the qualifier are ready.
   * @throws ToolError where one did not initialise or could not be started
   */
  async ready(qualifier: string): Promise<void> {
    for (let settled = false; !settled; ) {
      await this.#applied;
      const requested = this.requestedFor(qualifier);
      if (requested === 0) return;
      const provisioned = this.#of(qualifier);
      await provisioned.ready();
      // Meanwhile it may have been given another number, or have come to stand for another version.
      settled = this.#of(qualifier) === provisioned && provisioned.requested === requested;
    }
  }

  #of(qualifier: string): Provisioned {
    return this.#place.provisionedOf(this.#place.versionOf(qualifier));
  }

  async #growWhenEnded(): Promise<void> {
    while (this.#ending.size > 0) await Promise.all(this.#ending);
    this.#grow();
  }

  #grow(): void {
    for (const [version, environments] of this.#wanted()) {
      const provisioned = this.#place.provisionedOf(version);
      const settled = provisioned.requested === environments && provisioned.problem === null;
      // It ends none: there is nothing to wait for.
      if (!settled) void provisioned.resize(environments);
    }
  }

  /** By version: each has one qualifier with provisioned concurrency at most. */
  #wanted(): Map<string, number> {
    const wanted = new Map<string, number>();
    for (const [qualifier, { requested }] of this.#configs) {
      wanted.set(this.#place.versionOf(qualifier), requested);
    }
    return wanted;
  }
}
