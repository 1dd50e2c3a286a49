import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MarkedCode, markedCode } from '../analysis/profile/marked-code.ts';
import type { ProfiledCode } from '../analysis/profile/owners.ts';
import type { ProvisionedEndpoint } from '../model/ports.ts';
import type { EnvironmentProfile } from '../model/profile.ts';
import type { ProfileJob } from './profile-job.ts';
import type { LiveCell } from './provision.ts';

/** A cell's endpoint once more, with the copy of its code that is profiled. */
export interface ProfiledEndpoint {
  endpoint: ProvisionedEndpoint;
  mapped: boolean;
  /** What is known of the code where an environment ran it. */
  codeOf(place: Pick<EnvironmentProfile, 'taskRoot' | 'bootstrap'>): ProfiledCode;
}

export async function deployProfiled(
  { tools, settings }: Pick<ProfileJob, 'tools' | 'settings'>,
  { cell, artifact, backend }: LiveCell,
): Promise<ProfiledEndpoint> {
  const { file, sourceMap } = artifact;
  const folder = join(tools.supervisor.ownFolder('bench-profile'), 'code');
  await cp(artifact.folder, folder, { recursive: true });
  const bundle = await readFile(join(artifact.folder, file), 'utf8');
  const marked: MarkedCode = await markedCode(bundle, sourceMap ?? null);
  await writeFile(join(folder, file), marked.code);
  const named = { ...cell, id: `profiled-${cell.id}` };
  const endpoint = await tools.target.provision(named, { ...artifact, folder }, backend);
  const mapped = sourceMap !== undefined;
  return {
    endpoint: { ...endpoint, headers: { ...endpoint.headers, ...settings.headers } },
    mapped,
    codeOf: ({ taskRoot, bootstrap }) => ({ taskRoot, bootstrap, file, marked, mapped }),
  };
}
