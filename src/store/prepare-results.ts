import { accessSync, constants, statfsSync } from 'node:fs';
import { UsageError } from '../base/errors.ts';
import { fileError, makeFolder } from '../base/files.ts';
import type { Warning } from '../model/warning.ts';

/** A trial of 100,000 requests needs about 130 MB of samples until it is merged. */
const NEEDED_MB = 200;
const ADVISED_MB = 2_000;

/** Free space of the disk a folder lies on, in MB. */
export function freeDiskMb(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return Math.floor((bavail * bsize) / 1e6);
}

/** Makes the results folder and checks that runs can be kept there. Throws UsageError. */
export function prepareResults(resultsPath: string): Warning[] {
  makeFolder(resultsPath);
  try {
    accessSync(resultsPath, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(error, 'write to', resultsPath);
  }
  const freeMb = freeDiskMb(resultsPath);
  if (freeMb < NEEDED_MB) {
    throw new UsageError(
      `--results: ${freeMb} MB are free at ${resultsPath}; a run needs at least ${NEEDED_MB} MB`,
    );
  }
  if (freeMb >= ADVISED_MB) return [];
  return [
    {
      code: 'little-disk',
      severity: 'note',
      message: `only ${freeMb} MB are free at ${resultsPath}`,
    },
  ];
}
