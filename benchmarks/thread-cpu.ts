import { readdirSync, readFileSync } from 'node:fs';

const TASKS = '/proc/self/task';
const SAMPLE_MS = 50;

/**
 * CPU time of this process by thread name, in microseconds; empty where there is no /proc. Threads are
 * looked at every 50 ms, since one that has ended cannot be asked.
 */
export function watchThreads(): { stop(): Map<string, number> } {
  const before = sample(new Map());
  const latest = new Map(before);
  const timer = setInterval(() => sample(latest), SAMPLE_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      sample(latest);
      const byName = new Map<string, number>();
      for (const [task, { name, us }] of latest) {
        const used = us - (before.get(task)?.us ?? 0);
        byName.set(name, (byName.get(name) ?? 0) + used);
      }
      return byName;
    },
  };
}

type Tasks = Map<string, { name: string; us: number }>;

function sample(into: Tasks): Tasks {
  for (const task of tasks()) {
    try {
      const name = readFileSync(`${TASKS}/${task}/comm`, 'utf8').trim();
      const [ns] = readFileSync(`${TASKS}/${task}/schedstat`, 'utf8').split(' ');
      into.set(task, { name, us: Number(ns) / 1000 });
    } catch {
      // It ended meanwhile.
    }
  }
  return into;
}

function tasks(): string[] {
  try {
    return readdirSync(TASKS);
  } catch {
    return [];
  }
}
