import { execFileSync } from 'node:child_process';

/** What a piece of work took; since the process began, so that Node and its modules are in it. */
export interface Measured {
  ms: number;
  /** Of `ms`, the work alone. */
  workMs: number;
  cpuMs: number;
  peakBytes: number;
}

type Work = (folder: string) => Promise<void>;

/**
 * Where this process was started by `measureAlone`, does that piece of work, says what it took and ends.
 * To be called before anything else.
 */
export async function workIfAsked(works: Record<string, Work>): Promise<void> {
  const [how = '', folder = ''] = process.argv.slice(2);
  const work = how.startsWith('--') ? works[how.slice(2)] : undefined;
  if (work === undefined) return;
  const from = performance.now();
  await work(folder);
  const ms = performance.now();
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const measured: Measured = {
    ms,
    workMs: ms - from,
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    peakBytes: maxRSS * 1024,
  };
  process.stdout.write(JSON.stringify(measured));
  process.exit(0);
}

/** A piece of work of the same file in a process of its own, so that its peak memory is its own. */
export function measureAlone(file: string, how: string, folder: string): Measured {
  const said = execFileSync(process.execPath, [file, `--${how}`, folder], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  return JSON.parse(said) as Measured;
}

export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;

export function took({ workMs, cpuMs, peakBytes }: Measured): string {
  return `${(workMs / 1000).toFixed(2)} s, ${(cpuMs / 1000).toFixed(1)} s of CPU, peak ${Math.round(peakBytes / 1e6)} MB`;
}
