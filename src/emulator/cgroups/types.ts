/** Where groups for environments can be made, or why not. Found once by detectCgroups. */
export type CgroupSupport =
  | {
      version: 1;
      quotas: true;
      /** The folder of each controller below which we may make groups. */
      parents: { cpu: string; cpuacct: string; memory: string };
    }
  | {
      version: 2;
      quotas: true;
      /** Its children have the controllers cpu and memory. */
      parent: string;
      /** A leaf to move ourselves into first, where the parent holds our own process. */
      moveSelfTo: string | null;
    }
  | {
      version: 1 | 2 | null;
      quotas: false;
      /** What is missing, in one sentence. */
      reason: string;
      /** The command that mends it; null where there is none. */
      mend: string | null;
    };

/** One environment's group: a quota, a memory limit and counters. */
export interface ControlGroup {
  /** Folders to join before exec. */
  readonly folders: readonly string[];
  /** Takes effect within a period. */
  setCpus(vcpus: number): void;
  setMemoryLimit(bytes: number): void;
  /** Since the group was made. */
  cpuTimes(): { cpuUs: number; throttledUs: number };
  memoryPeakBytes(): number;
  outOfMemoryKills(): number;
  /** Thread ids of every process in the group. */
  threads(): number[];
  /** Its processes must have ended. Safe to call twice. */
  remove(): void;
}

/** Makes groups below one folder that belongs to this run. */
export interface ControlGroups {
  create(name: string): ControlGroup;
}

/** Lambda enforces its quotas in periods of 20 ms. */
export const PERIOD_US = 20_000;

/** Where to look: replaced in tests by a directory that looks like the kernel's. */
export interface CgroupView {
  /** Holds `cgroup` and `mountinfo`. */
  procSelf: string;
  uid: number;
  pid: number;
  /** Whether a user's or the system's service manager can be asked for a scope. */
  hasCommand(name: string): boolean;
}

/** A folder made ready for us, where the mending command of v1 puts it. */
export const PREPARED = 'graphql-lambda-bench';
