import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { LambdaRefusal } from '../lambda-refusal.ts';
import { type FunctionChange, type FunctionConfiguration, LATEST } from '../types.ts';

/** What PublishVersion may be asked to check first. */
export interface PublishRequest {
  description?: string;
  codeSha256?: string;
  revisionId?: string;
}

/**
 * The configurations of one function: `$LATEST`, which changes, and copies of it that do not. The code
 * itself never changes here, so all versions share one copy of it.
 */
export class Versions {
  #latest: FunctionConfiguration;
  /** Number 1 first. */
  readonly #published: FunctionConfiguration[] = [];
  /** `$LATEST` as it was when a version was published last. */
  #publishedOf: FunctionConfiguration | null = null;

  constructor(latest: FunctionConfiguration) {
    this.#latest = latest;
  }

  get latest(): FunctionConfiguration {
    return this.#latest;
  }

  of(version: string): FunctionConfiguration | undefined {
    if (version === LATEST) return this.#latest;
    return this.#published.find((published) => published.version === version);
  }

  /** `$LATEST` first, then published ones, oldest first. */
  list(): FunctionConfiguration[] {
    return [this.#latest, ...this.#published];
  }

  update(change: FunctionChange): FunctionConfiguration {
    const { environment = this.#latest.environment } = change;
    this.#latest = {
      ...this.#latest,
      ...change,
      environment: { ...environment },
      ...newRevision(),
    };
    return this.#latest;
  }

  /**
   * A version of `$LATEST` as it is; the one published last where nothing changed since. `$LATEST` gets
   * another revision, as LocalStack saw it on AWS.
   * Source: Lambda API reference, PublishVersion.
   * @throws LambdaRefusal where `$LATEST` is not what the caller takes it for
   */
  publish({ description, codeSha256, revisionId }: PublishRequest): FunctionConfiguration {
    const latest = this.#latest;
    checkRevision(revisionId, latest);
    if (codeSha256 !== undefined && codeSha256 !== latest.codeSha256) {
      throw new LambdaRefusal(
        'InvalidParameterValueException',
        `CodeSHA256 (${codeSha256}) is different from current CodeSHA256 in $LATEST (${latest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    const last = this.#published.at(-1);
    if (last !== undefined && this.#publishedOf !== null && isSame(latest, this.#publishedOf)) {
      return last;
    }
    const version = String(this.#published.length + 1);
    const published: FunctionConfiguration = {
      ...latest,
      version,
      arn: `${latest.arn}:${version}`,
      description: description ?? latest.description,
      revisionId: randomUUID(),
    };
    this.#published.push(published);
    this.#publishedOf = latest;
    this.#latest = { ...latest, revisionId: randomUUID() };
    return published;
  }
}

/** @throws LambdaRefusal where the caller knows another revision */
export function checkRevision(
  revisionId: string | undefined,
  known: { readonly revisionId: string },
): void {
  if (revisionId === undefined || revisionId === known.revisionId) return;
  throw new LambdaRefusal(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
}

/** What every change of a function gives it. */
export function newRevision(): Pick<
  FunctionConfiguration,
  'revisionId' | 'lastModified' | 'lastUpdateStatus'
> {
  return {
    revisionId: randomUUID(),
    lastModified: lambdaDate(),
    lastUpdateStatus: 'Successful',
  };
}

/** As Lambda writes instants: `2026-11-20T19:15:00.000+0000`. */
export function lambdaDate(): string {
  return new Date().toISOString().replace('Z', '+0000');
}

/** The function's ARN with a qualifier as a caller named it: also what a runtime is told. */
export function qualifiedArn(
  { arn, version }: Pick<FunctionConfiguration, 'arn' | 'version'>,
  qualifier: string | null,
): string {
  const unqualified = version === LATEST ? arn : arn.slice(0, -version.length - 1);
  return qualifier === null ? unqualified : `${unqualified}:${qualifier}`;
}

function isSame(a: FunctionConfiguration, b: FunctionConfiguration): boolean {
  return isDeepStrictEqual({ ...a, ...UNRELATED }, { ...b, ...UNRELATED });
}

/** Changes with every update, also one to what it is already. */
const UNRELATED = { revisionId: '', lastModified: '' };
