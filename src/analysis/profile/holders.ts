import type { ToldProfile } from '../../model/profile.ts';
import { type Blank, blankOf, type Owner, ownersOf, type ProfiledCode } from './owners.ts';
import { packageOf } from './package-name.ts';
import { type Sample, samplesOf } from './samples.ts';

/** A sample and whose time it is. */
export interface HeldSample {
  sample: Sample;
  blank: Blank | null;
  /** Packages on the stack, from the innermost out; empty: nobody's. */
  holders: readonly string[];
  /** Its innermost frame is of Node's own modules. */
  inNode: boolean;
  /** Of an init: until our runtime asks for the handler's file, from then on, and once that is loaded. */
  stage: 'before' | 'loading' | 'loaded';
}

/**
 * A sample belongs to the package of its innermost frame that is of a package, so that what Node and V8
 * do for it (reading a file, loading a built-in module, compiling) is its own. One that says nothing of
 * its own (garbage collection, native code) belongs to whom the one before it did, as in Chrome's
 * DevTools; just after a mark, and in the wrapper of a module, to whom the next one does.
 */
export function heldSamples(told: ToldProfile, code: ProfiledCode): HeldSample[] {
  const ownerOf = ownersOf(code);
  const moduleAt = moduleAtOf(told, code);
  const marksUs = told.marks.map(([, atUs]) => atUs);
  const firstMarkUs = marksUs[0] ?? Number.POSITIVE_INFINITY;
  const endUs = told.marks.find(([id]) => id === code.marked.endMark)?.[1];
  const loadedUs = endUs ?? Number.POSITIVE_INFINITY;
  let asked = told.kind === 'invocations';
  const held: HeldSample[] = [];
  /** Those that say nothing and come after a mark. */
  let open: HeldSample[] = [];
  let last: { holders: readonly string[]; isMark: boolean } = { holders: [], isMark: false };
  for (const sample of samplesOf(told.profile, marksUs)) {
    const blank = blankOf(sample);
    const owners = blank === null ? sample.stack.map(ownerOf) : [];
    asked ||= owners.some((owner) => owner.kind === 'runtime' && owner.loads);
    const isLoaded = sample.atUs >= loadedUs;
    const stage = isLoaded ? 'loaded' : asked ? 'loading' : 'before';
    const found = packagesOf(owners, sample, moduleAt);
    const inTopLevel = !isLoaded && sample.atUs >= firstMarkUs;
    const inNode = owners[0]?.kind === 'node';
    const one: HeldSample = { sample, blank, holders: found, inNode, stage };
    held.push(one);
    if (saysNothing(blank, owners, found, inTopLevel)) {
      one.holders = isLoaded ? [] : last.holders;
      if (inTopLevel && (last.isMark || isHelper(owners))) open.push(one);
      continue;
    }
    const isMark = sample.stack.length === 0;
    if (!isMark) for (const earlier of open) earlier.holders = found;
    open = [];
    last = { holders: found, isMark };
  }
  return held;
}

/**
 * V8 loses the innermost frame at times, as while it enters optimised code: what is left then is the
 * bundler's wrapper of a module or, of code at the top level, nothing at all.
 */
function saysNothing(
  blank: Blank | null,
  owners: readonly Owner[],
  found: readonly string[],
  inTopLevel: boolean,
): boolean {
  if (blank !== null) return true;
  return isHelper(owners) || (inTopLevel && found.length === 0);
}

/** The wrapper of a module: V8 compiles the module while it is called, before its first frame. */
function isHelper(owners: readonly Owner[]): boolean {
  const innermost = owners.find(({ kind }) => kind !== 'node' && kind !== 'none');
  return innermost?.kind === 'helper';
}

function packagesOf(
  owners: readonly Owner[],
  sample: Sample,
  moduleAt: (atUs: number) => string | null,
): string[] {
  const topLevel = (): string[] => {
    const source = moduleAt(sample.atUs);
    return source === null ? [] : [packageOf(source)];
  };
  // Between two marks.
  if (sample.stack.length === 0) return topLevel();
  return owners.flatMap((owner) => {
    if (owner.kind === 'code') return [owner.name];
    return owner.kind === 'top level' ? topLevel() : [];
  });
}

/** The source whose top level ran at an instant, by the marks it went past. */
export function moduleAtOf(
  { marks }: ToldProfile,
  { marked }: ProfiledCode,
): (atUs: number) => string | null {
  return (atUs) => {
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((marks[middle]?.[1] ?? 0) <= atUs) low = middle + 1;
      else high = middle;
    }
    const mark = marks[low - 1];
    return mark === undefined ? null : marked.sourceOf(mark[0]);
  };
}
