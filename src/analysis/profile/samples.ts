import type { CpuProfile } from '../../model/profile.ts';

export type ProfileNode = CpuProfile['nodes'][number];

/** What the process was seen at, and for how long. */
export interface Sample {
  /** From the innermost frame out; empty between two marks: the top level. */
  stack: readonly ProfileNode[];
  /** On the profile's clock. */
  atUs: number;
  fromUs: number;
  toUs: number;
}

/**
 * A sample stands for the time around it: half of that to its neighbours, all of it at both ends. So
 * the samples' times sum to the profile's. What a neighbour lies beyond ends at a mark, whose instant is
 * known: between two marks there is a sample without a stack.
 * @param marksUs instants of marks, in order
 */
export function samplesOf(profile: CpuProfile, marksUs: readonly number[] = []): Sample[] {
  const stacks = stacksOf(profile);
  const taken: { atUs: number; stack: readonly ProfileNode[] }[] = [];
  let atUs = profile.startTime;
  profile.samples.forEach((id, i) => {
    atUs += profile.timeDeltas[i] ?? 0;
    const stack = stacks.get(id);
    if (stack !== undefined) taken.push({ atUs, stack });
  });
  // The sampler's thread may hand them on in another order.
  taken.sort((a, b) => a.atUs - b.atUs);
  const samples: Sample[] = [];
  let mark = marksUs.findIndex((us) => us > profile.startTime);
  if (mark < 0) mark = marksUs.length;
  let fromUs = profile.startTime;
  taken.forEach(({ stack, atUs: at }, i) => {
    const next = taken[i + 1]?.atUs;
    const untilUs = next ?? Math.max(at, profile.endTime);
    while (mark < marksUs.length && (marksUs[mark] ?? 0) <= at) mark += 1;
    const between: number[] = [];
    for (; mark < marksUs.length && (marksUs[mark] ?? 0) < untilUs; mark += 1) {
      between.push(marksUs[mark] ?? 0);
    }
    const toUs = between[0] ?? (next === undefined ? untilUs : (at + next) / 2);
    samples.push({ stack, atUs: at, fromUs, toUs });
    for (const [j, markUs] of between.entries()) {
      const endUs = between[j + 1] ?? (next === undefined ? untilUs : markUs);
      // The last has no time of its own, and says what the next sample may not.
      samples.push({ stack: [], atUs: markUs, fromUs: markUs, toUs: endUs });
    }
    fromUs = between.at(-1) ?? toUs;
  });
  return samples;
}

function stacksOf({ nodes }: CpuProfile): Map<number, ProfileNode[]> {
  const parents = new Map<number, ProfileNode>();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node);
  return new Map(
    nodes.map((node) => {
      const stack: ProfileNode[] = [];
      // A parent is not its own child: as many steps as there are nodes end in any case.
      for (let at: ProfileNode | undefined = node; at && stack.length <= nodes.length; ) {
        stack.push(at);
        at = parents.get(at.id);
      }
      return [node.id, stack] as const;
    }),
  );
}
