import { randomUUID } from 'node:crypto';
import { LambdaRefusal } from '../lambda-refusal.ts';
import { type AliasSettings, type FunctionAlias, LATEST } from '../types.ts';
import { checkRevision, qualifiedArn, type Versions } from './versions.ts';

/**
 * The aliases of one function. Sources of the rules: Lambda API reference, CreateAlias and UpdateAlias;
 * Developer Guide, "Implement Lambda canary deployments using a weighted alias".
 */
export class Aliases {
  readonly #versions: Versions;
  readonly #random: () => number;
  readonly #aliases = new Map<string, FunctionAlias>();

  /** @param random at least 0, below 1: decides which version a weighted alias stands for */
  constructor(versions: Versions, random: () => number) {
    this.#versions = versions;
    this.#random = random;
  }

  of(name: string): FunctionAlias | undefined {
    return this.#aliases.get(name);
  }

  /** In order of their names. */
  list(): FunctionAlias[] {
    return [...this.#aliases.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws LambdaRefusal where it exists, or what it is to stand for does not */
  create({ name, ...settings }: AliasSettings & { name: string }): FunctionAlias {
    if (!/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/.test(name)) {
      throw invalid(
        `An alias has 1 to 128 letters, digits, - and _, and not digits alone: ${name}`,
      );
    }
    const arn = this.#arnOf(name);
    if (this.#aliases.has(name)) {
      throw new LambdaRefusal('ResourceConflictException', `Alias already exists: ${arn}`);
    }
    this.#check(settings);
    const alias = { name, arn, ...settings, revisionId: randomUUID() };
    this.#aliases.set(name, alias);
    return alias;
  }

  /** What an update would make of an alias, which stays as it is. */
  changed(
    name: string,
    { revisionId, ...change }: Partial<AliasSettings> & { revisionId?: string },
  ): FunctionAlias {
    const alias = this.#aliases.get(name);
    if (alias === undefined) throw aliasNotFound(this.#arnOf(name));
    checkRevision(revisionId, alias);
    const changed = { ...alias, ...change, revisionId: randomUUID() };
    this.#check(changed);
    return changed;
  }

  replace(alias: FunctionAlias): void {
    this.#aliases.set(alias.name, alias);
  }

  delete(name: string): void {
    this.#aliases.delete(name);
  }

  /** The version an invocation by this alias goes to. */
  pick({ functionVersion, routing }: FunctionAlias): string {
    return routing !== null && this.#random() < routing.share ? routing.version : functionVersion;
  }

  #check({ functionVersion, routing }: AliasSettings): void {
    this.#checkVersion(functionVersion);
    if (routing === null) return;
    if (!(routing.share >= 0 && routing.share <= 1)) {
      throw invalid(`A version's share of an alias is between 0 and 1: ${routing.share}`);
    }
    if (functionVersion === LATEST || routing.version === LATEST) {
      throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (routing.version === functionVersion) {
      throw invalid(
        `Invalid function version ${functionVersion}. Function version ${functionVersion} is already included in routing configuration.`,
      );
    }
    this.#checkVersion(routing.version);
  }

  #checkVersion(version: string): void {
    if (this.#versions.of(version) === undefined) throw versionNotFound(this.#arnOf(version));
  }

  #arnOf(qualifier: string): string {
    return qualifiedArn(this.#versions.latest, qualifier);
  }
}

export function aliasNotFound(arn: string): LambdaRefusal {
  return new LambdaRefusal('ResourceNotFoundException', `Cannot find alias arn: ${arn}`);
}

export function versionNotFound(arn: string): LambdaRefusal {
  return new LambdaRefusal('ResourceNotFoundException', `Function not found: ${arn}`);
}

function invalid(message: string): LambdaRefusal {
  return new LambdaRefusal('InvalidParameterValueException', message);
}
