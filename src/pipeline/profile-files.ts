import { join } from 'node:path';
import { makeFolder, writeFileAtomic, writeJson } from '../base/files.ts';
import type { CpuProfile, ProfileResult } from '../model/profile.ts';
import type { RunFolder } from '../store/run-store.ts';

/** Where a run's profiles lie. */
export interface ProfileFiles {
  /** @returns where it is, from the run's folder */
  write(cellId: string, name: string, profile: CpuProfile): string;
  writeResult(result: ProfileResult): void;
}

export function profileFiles({ path, profilesPath }: RunFolder): ProfileFiles {
  return {
    write(cellId, name, profile) {
      const place = join('profiles', cellId);
      makeFolder(join(path, place));
      const file = join(place, `${name}.cpuprofile`);
      writeFileAtomic(join(path, file), JSON.stringify(profile));
      return file;
    },
    writeResult(result) {
      makeFolder(join(path, 'profiles'));
      writeJson(profilesPath, result);
    },
  };
}
