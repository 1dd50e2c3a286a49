import { messageOf, ToolError } from '../base/errors.ts';
import { bundleKey } from '../model/endpoint.ts';
import type { Profiler } from '../model/ports.ts';
import type { InitProfile, ProfileResult } from '../model/profile.ts';
import type { Warning } from '../model/warning.ts';
import { deployProfiled, type ProfiledEndpoint } from './profile-deploy.ts';
import { type ProfileFiles, profileFiles } from './profile-files.ts';
import { profileInits } from './profile-inits.ts';
import { profileInvocations } from './profile-invocations.ts';
import type { ProfileJob } from './profile-job.ts';
import type { LiveCell } from './provision.ts';

/**
 * The pass after all rounds that keeps CPU profiles: every cell's code once more, as a function of its
 * own, so that no figure of the run is measured with the profiler on. Init is profiled once for each
 * code and memory size, invocations of each cell. What fails here is returned: the run is done already.
 */
export async function profileRun(job: ProfileJob): Promise<Warning[]> {
  const { profiler } = job.tools.target;
  if (profiler === undefined) return [];
  const result: ProfileResult = { inits: [], invocations: [] };
  const files = profileFiles(job.folder);
  const warnings: Warning[] = [];
  for (const cells of groupsOf(job.cells)) {
    for (const live of cells) {
      job.signal.throwIfAborted();
      try {
        await profileCell(job, profiler, files, { live, alike: cells, result });
      } catch (error) {
        job.signal.throwIfAborted();
        if (!(error instanceof ToolError)) throw error;
        const message = `it could not be profiled: ${messageOf(error)}`;
        warnings.push({ code: 'not-profiled', severity: 'note', message, cellId: live.cell.id });
      }
    }
  }
  files.writeResult(result);
  return warnings;
}

async function profileCell(
  job: ProfileJob,
  profiler: Profiler,
  files: ProfileFiles,
  at: { live: LiveCell; alike: readonly LiveCell[]; result: ProfileResult },
): Promise<void> {
  const { live, alike, result } = at;
  const { cell } = live;
  const profiled: ProfiledEndpoint = await deployProfiled(job, live);
  const cellIds = alike.map((one) => one.cell.id);
  if (!result.inits.some((one) => cellIds.includes(one.cellId))) {
    job.sink({ kind: 'step', text: `${cell.id}: profiling its initialisation` });
    const facts = await profileInits(job, profiler, files, live, profiled);
    const { memoryMb } = cell.endpoint;
    const bundle = bundleKey(cell.endpoint);
    const made: InitProfile = {
      cellId: cell.id,
      cellIds,
      bundle,
      memoryMb: memoryMb ?? 0,
      ...facts,
    };
    result.inits.push(made);
  }
  job.sink({ kind: 'step', text: `${cell.id}: profiling its slowest invocations` });
  const { of, profiles } = await profileInvocations(job, profiler, files, live, profiled);
  result.invocations.push({ cellId: cell.id, of, profiles });
}

/** Cells of the same code and memory initialise alike. Of what the user deployed there is no code. */
function groupsOf(cells: readonly LiveCell[]): LiveCell[][] {
  const here = cells.filter(({ cell }) => cell.endpoint.server !== null);
  const groups = Map.groupBy(
    here,
    ({ cell }) => `${bundleKey(cell.endpoint)} ${cell.endpoint.memoryMb}`,
  );
  return [...groups.values()];
}
