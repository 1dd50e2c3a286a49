import { shortened, shortSha256 } from '../../base/digest.ts';
import { FACTOR_NAMES, levelText } from '../../model/cell-names.ts';
import type { Difference } from '../../model/compared.ts';
import {
  FINGERPRINT_NAMES,
  loadName,
  MACHINE,
  SOFTWARE,
  weightsText,
} from '../../model/condition-names.ts';
import { bundleKey, differingFactors, type Endpoint, levelOf } from '../../model/endpoint.ts';
import type { LoadFacts } from '../../model/load-facts.ts';
import type { Cell, Fingerprint, Run } from '../../model/run.ts';
import type { LoadProfile } from '../../model/scenario.ts';

/** What differs between two sides: what keeps them from being compared, and what is only named. */
export interface Conditions {
  refusing: Difference[];
  named: Difference[];
}

/** A kernel's own share of the memory changes with its version. */
const SAME_MEMORY = 0.02;
/** A burst's rate that was taken from the host is measured, so it is never twice the same. */
const SAME_HOST_RATE = 0.1;

/** Conditions of whole runs. */
export function runConditions(a: Run, b: Run): Conditions {
  const refusing: Difference[] = [];
  const named: Difference[] = [];
  differ(refusing, 'target', a.plan.target, b.plan.target);
  const machine = a.plan.target === 'local' ? refusing : named;
  for (const key of MACHINE) {
    if (!sameMachine(key, a.fingerprint, b.fingerprint)) {
      differ(
        machine,
        FINGERPRINT_NAMES[key],
        String(a.fingerprint[key]),
        String(b.fingerprint[key]),
      );
    }
  }
  for (const key of SOFTWARE)
    differ(named, FINGERPRINT_NAMES[key], a.fingerprint[key], b.fingerprint[key]);
  differ(named, 'seed of order and draws', String(a.plan.seed), String(b.plan.seed));
  differ(named, 'region of the prices', a.plan.region, b.plan.region);
  differ(named, 'status', a.status, b.status);
  return { refusing, named };
}

function sameMachine(key: (typeof MACHINE)[number], a: Fingerprint, b: Fingerprint): boolean {
  if (key !== 'memoryMb') return a[key] === b[key];
  return Math.abs(a.memoryMb - b.memoryMb) <= SAME_MEMORY * Math.max(a.memoryMb, b.memoryMb);
}

/** One side's cell with what its load asked; null where that is not on disk. */
export interface LoadedCell {
  run: Run;
  cell: Cell;
  load: LoadFacts | null;
}

/** Conditions of two cells, beside those of their runs. */
export function cellConditions(a: LoadedCell, b: LoadedCell): Conditions {
  const refusing: Difference[] = [];
  const named: Difference[] = [];
  compareProfiles(a.cell.profile, b.cell.profile, refusing, named);
  compareLoads(a, b, refusing);
  const [one, other] = [a.cell.endpoint, b.cell.endpoint];
  for (const factor of differingFactors(one, other)) {
    const text = (level: string | null) => (level === null ? 'none' : levelText(factor, level));
    differ(named, FACTOR_NAMES[factor], text(levelOf(one, factor)), text(levelOf(other, factor)));
  }
  differ(named, 'runtime', one.runtime ?? 'unknown', other.runtime ?? 'unknown');
  differ(named, 'timeout of the function (s)', timeoutText(one), timeoutText(other));
  if (bundleKey(one) === bundleKey(other)) {
    differ(named, 'code (SHA-256)', codeOf(a), codeOf(b));
  }
  return { refusing, named };
}

const timeoutText = ({ timeoutS }: Endpoint) => String(timeoutS ?? 'unknown');

function compareProfiles(
  a: LoadProfile,
  b: LoadProfile,
  refusing: Difference[],
  named: Difference[],
): void {
  if (a.kind !== b.kind) {
    differ(refusing, 'scenario', a.kind, b.kind);
    return;
  }
  const others: Record<string, unknown> = b;
  const fromHost = a.kind === 'burst' && b.kind === 'burst' && a.rateFromHost && b.rateFromHost;
  for (const [key, value] of Object.entries(a)) {
    const other = others[key];
    const near =
      fromHost &&
      key === 'ratePerS' &&
      Math.abs(Number(value) - Number(other)) <= SAME_HOST_RATE * Number(value);
    differ(near ? named : refusing, loadName(key), String(value), String(other));
  }
}

function compareLoads(a: LoadedCell, b: LoadedCell, refusing: Difference[]): void {
  if (a.load === null || b.load === null) {
    differ(refusing, 'operations', weightsOf(a), weightsOf(b));
    return;
  }
  const [one, other] = [a.load, b.load];
  differ(
    refusing,
    'request timeout (s)',
    String(one.requestTimeoutS),
    String(other.requestTimeoutS),
  );
  differ(refusing, 'operations', weightsOf(a), weightsOf(b));
  // Another data set is asked for other answers; that it is another one is said by its factor.
  const sameData = a.cell.endpoint.dataset === b.cell.endpoint.dataset;
  for (const operation of one.operations) {
    const { name } = operation;
    const twin = other.operations.find((candidate) => candidate.name === name);
    if (twin === undefined) continue;
    if (twin.query !== operation.query) {
      refusing.push({
        key: `query of ${name}`,
        old: shortSha256(operation.query),
        new: shortSha256(twin.query),
      });
    }
    if (sameData && twin.rowsSha256 !== operation.rowsSha256) {
      const rows = ({ rows: n, rowsSha256 }: typeof operation) =>
        `${n} rows, ${shortened(rowsSha256)}`;
      refusing.push({ key: `variables of ${name}`, old: rows(operation), new: rows(twin) });
    }
  }
}

function weightsOf({ run, load }: LoadedCell): string {
  return weightsText(load?.operations ?? run.plan.operations);
}

function codeOf({ run, cell }: LoadedCell): string {
  const key = bundleKey(cell.endpoint);
  const code = run.bundles.find((bundle) => bundleKey(bundle) === key);
  return code === undefined ? 'unknown' : shortened(code.sha256);
}

function differ(into: Difference[], key: string, a: string, b: string): void {
  if (a !== b) into.push({ key, old: a, new: b });
}
