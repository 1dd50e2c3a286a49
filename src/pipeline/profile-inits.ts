import { attribute } from '../analysis/profile/attribute.ts';
import { shownProfile } from '../analysis/profile/shown-profile.ts';
import { type ProfiledInit, summariseInits } from '../analysis/profile/summarise.ts';
import { ToolError } from '../base/errors.ts';
import type { Profiler } from '../model/ports.ts';
import type { InitProfile } from '../model/profile.ts';
import type { ProfiledEndpoint } from './profile-deploy.ts';
import type { ProfileFiles } from './profile-files.ts';
import type { ProfileJob } from './profile-job.ts';
import type { LiveCell } from './provision.ts';

/** Each takes 100 to 300 ms, twice: with the profiler and without. */
const INITS = 7;
/** An init of 150 ms has 1,500 samples, and takes a tenth longer. */
const INTERVAL_US = 100;

type Facts = Omit<InitProfile, 'cellId' | 'cellIds' | 'bundle' | 'memoryMb'>;

/**
 * Initialises the cell's own code without the profiler and the profiled copy with it, in turns, so that
 * what the profiler costs is told by pairs.
 * @throws ToolError where the copy does not initialise or told nothing
 */
export async function profileInits(
  { tools, signal }: ProfileJob,
  profiler: Profiler,
  files: ProfileFiles,
  { cell, endpoint }: LiveCell,
  profiled: ProfiledEndpoint,
): Promise<Facts> {
  const inits: ProfiledInit[] = [];
  const plainUs: number[] = [];
  const names: string[] = [];
  profiler.begin(profiled.endpoint, { initIntervalUs: INTERVAL_US, invocationIntervalUs: 0 });
  try {
    // The first of each is not counted: it finds no file in the host's memory.
    for (let i = 0; i <= INITS; i += 1) {
      signal.throwIfAborted();
      const [plain] = await tools.target.measureInits(endpoint, 1);
      const [sample] = await tools.target.measureInits(profiled.endpoint, 1);
      const [taken] = profiler.take(profiled.endpoint);
      const told = taken?.told.find(({ kind }) => kind === 'init');
      if (i === 0 || plain === undefined || sample === undefined) continue;
      if (taken === undefined || told === undefined) continue;
      const code = profiled.codeOf(taken);
      plainUs.push(plain.initMs * 1000);
      inits.push({
        initUs: sample.initMs * 1000,
        profiledUs: told.profile.endTime - told.profile.startTime,
        attribution: attribute(told, code),
      });
      names.push(files.write(cell.id, `init-${inits.length}`, shownProfile(told, code)));
    }
  } finally {
    profiler.end(profiled.endpoint);
  }
  if (inits.length === 0) throw new ToolError('no environment told what its initialisation did');
  const by = profiled.mapped ? 'package' : 'file';
  return { ...summariseInits(inits, plainUs), by, files: names };
}
