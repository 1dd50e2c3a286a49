import { nowUs } from '../../base/clock.ts';
import { LambdaRefusal } from '../lambda-refusal.ts';
import {
  type AliasSettings,
  type FunctionAlias,
  type FunctionChange,
  type FunctionConfiguration,
  type InvocationRequest,
  type InvocationResult,
  LATEST,
  type ProvisionedState,
} from '../types.ts';
import { Aliases, aliasNotFound, versionNotFound } from './aliases.ts';
import type { ConcurrencyLimits } from './concurrency.ts';
import { TokenBucket } from './limits.ts';
import { Pool, type PoolShare } from './pool.ts';
import type { PoolHost } from './pool-host.ts';
import { Provisioning } from './provisioning.ts';
import { type PublishRequest, qualifiedArn, Versions } from './versions.ts';

const UNPUBLISHED =
  'Provisioned Concurrency Configs cannot be applied to unpublished function versions.';

/** One function: its versions with their environments, its aliases, and what is provisioned for them. */
export class HostedFunction {
  readonly #host: PoolHost;
  readonly #limits: ConcurrencyLimits;
  readonly #name: string;
  readonly #versions: Versions;
  readonly #aliases: Aliases;
  readonly #provisioning: Provisioning;
  /** By version; of a published one from its first use on. */
  readonly #pools = new Map<string, Pool>();
  readonly #share: PoolShare;

  constructor(host: PoolHost, limits: ConcurrencyLimits, configuration: FunctionConfiguration) {
    const { name } = configuration;
    this.#host = host;
    this.#limits = limits;
    this.#name = name;
    this.#versions = new Versions(configuration);
    this.#aliases = new Aliases(this.#versions, host.settings.random);
    const { environmentsPer10S } = host.settings;
    this.#share = {
      scaling: new TokenBucket(environmentsPer10S, 10_000_000, nowUs()),
      enter: () => limits.enter(name),
      leave: () => limits.leave(name),
    };
    const pools = this.#pools;
    this.#provisioning = new Provisioning({
      versionOf: (qualifier) => this.#aliases.of(qualifier)?.functionVersion ?? qualifier,
      provisionedOf: (version) => this.#pool(version).provisioned,
      *all() {
        for (const [version, { provisioned }] of pools) yield [version, provisioned];
      },
    });
  }

  get latest(): Pool {
    return this.#pool(LATEST);
  }

  get versions(): Versions {
    return this.#versions;
  }

  get aliases(): FunctionAlias[] {
    return this.#aliases.list();
  }

  get pools(): Iterable<Pool> {
    return this.#pools.values();
  }

  configuration(qualifier: string | null): FunctionConfiguration | undefined {
    const named = qualifier ?? LATEST;
    return this.#versions.of(this.#aliases.of(named)?.functionVersion ?? named);
  }

  update(change: FunctionChange): FunctionConfiguration {
    const updated = this.#versions.update(change);
    this.#pools.get(LATEST)?.retireAll();
    return updated;
  }

  publish(asked: PublishRequest): FunctionConfiguration {
    return this.#versions.publish(asked);
  }

  /** False where it has no such qualifier. */
  invoke(request: InvocationRequest, settle: (result: InvocationResult) => void): boolean {
    const named = request.qualifier ?? LATEST;
    const alias = this.#aliases.of(named);
    const version = alias === undefined ? named : this.#aliases.pick(alias);
    if (this.#versions.of(version) === undefined) return false;
    this.#pool(version).invoke(request, settle);
    return true;
  }

  createAlias(alias: AliasSettings & { name: string }): FunctionAlias {
    return this.#aliases.create(alias);
  }

  updateAlias(
    name: string,
    change: Partial<AliasSettings> & { revisionId?: string },
  ): FunctionAlias {
    const changed = this.#aliases.changed(name, change);
    if (this.#provisioning.requestedFor(name) > 0) {
      this.#checkFree(name, changed.functionVersion);
    }
    this.#aliases.replace(changed);
    this.#provisioning.apply();
    return changed;
  }

  /** What is provisioned for it goes, too. */
  deleteAlias(name: string): void {
    if (this.#provisioning.requestedFor(name) > 0) this.#provision(name, 0);
    this.#aliases.delete(name);
  }

  /** @throws LambdaRefusal where there is no such qualifier */
  provisioned(qualifier: string | null): ProvisionedState | null {
    return this.#provisioning.state(this.#known(qualifier));
  }

  provisionedConfigs(): { qualifier: string; state: ProvisionedState }[] {
    return this.#provisioning.qualifiers.flatMap((qualifier) => {
      const state = this.#provisioning.state(qualifier);
      return state === null ? [] : [{ qualifier, state }];
    });
  }

  /**
   * See FunctionHost.provisionConcurrency.
   * Sources of the rules: Lambda Developer Guide, "Configuring provisioned concurrency for a function":
   * one configuration a version, by itself or by an alias; none is managed on a weighted alias.
   */
  async provision(qualifier: string | null, environments: number): Promise<void> {
    const named = this.#known(qualifier);
    if (environments > 0) {
      const alias = this.#aliases.of(named);
      if (alias !== undefined && alias.routing !== null) {
        throw refusal('Invalid alias configuration for Provisioned Concurrency');
      }
      // Without a qualifier it is the emulator's own way to prepare a trial.
      if (named !== LATEST || qualifier !== null) {
        this.#checkFree(named, alias?.functionVersion ?? named);
      }
    }
    this.#provision(named, environments);
    await this.#provisioning.ready(named);
  }

  async provisionedReady(qualifier: string | null): Promise<void> {
    await this.#provisioning.ready(this.#known(qualifier));
  }

  #provision(qualifier: string, environments: number): void {
    const total = this.#provisioning.totalWithout(qualifier) + environments;
    this.#limits.provision(this.#name, total);
    this.#provisioning.set(qualifier, environments);
  }

  /** @throws LambdaRefusal where a version has what is provisioned by another qualifier, or cannot have any */
  #checkFree(qualifier: string, version: string): void {
    if (version === LATEST) throw refusal(UNPUBLISHED);
    for (const other of this.#provisioning.qualifiers) {
      const alias = this.#aliases.of(other);
      if (other === qualifier || (alias?.functionVersion ?? other) !== version) continue;
      throw new LambdaRefusal(
        'ResourceConflictException',
        alias !== undefined && qualifier === version
          ? 'Version is pointed by a Provisioned Concurrency alias'
          : "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
      );
    }
  }

  #known(qualifier: string | null): string {
    if (qualifier === null) return LATEST;
    if (this.configuration(qualifier) !== undefined) return qualifier;
    const arn = qualifiedArn(this.#versions.latest, qualifier);
    throw /^\d+$/.test(qualifier) ? versionNotFound(arn) : aliasNotFound(arn);
  }

  #pool(version: string): Pool {
    const known = this.#pools.get(version);
    if (known !== undefined) return known;
    const pool = new Pool(this.#host, this.#share, () => {
      const configuration = this.#versions.of(version);
      if (configuration === undefined) throw new Error(`no version ${version} of ${this.#name}`);
      return configuration;
    });
    this.#pools.set(version, pool);
    return pool;
  }
}

function refusal(message: string): LambdaRefusal {
  return new LambdaRefusal('InvalidParameterValueException', message);
}
