import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type EnvironmentProfile,
  type ProfiledInvocation,
  type ProfileOrder,
  type ToldProfile,
  toldProfileSchema,
} from '../../model/profile.ts';
import type { InvocationRecord, TelemetrySink } from '../types.ts';

/** What a launch of a profiled environment needs. */
export interface ProfiledLaunch {
  /** In place of the bootstrap. */
  entry: string;
  /** Open for writing; the child's is one after those of the launch. */
  descriptor: number;
  variables(childDescriptor: number): Record<string, string>;
  /** The process has ended, or was never started: reads what it told and closes the descriptor. */
  ended(): void;
}

/** More than this of one environment is not read: a profile of minutes is about 20 MB. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The profiles of a host's environments. */
export class Profiles {
  readonly #orders = new Map<string, ProfileOrder>();
  readonly #told = new Map<string, EnvironmentProfile[]>();
  readonly #records: InvocationRecord[] = [];

  order(functionName: string, order: ProfileOrder | null): void {
    if (order === null) this.#orders.delete(functionName);
    else this.#orders.set(functionName, order);
  }

  /** Environments that have ended since the last call. */
  take(functionName: string): EnvironmentProfile[] {
    const taken = this.#told.get(functionName) ?? [];
    this.#told.delete(functionName);
    for (const profile of taken) {
      for (let i = this.#records.length - 1; i >= 0; i -= 1) {
        const record = this.#records[i];
        if (record?.environment !== profile.environment) continue;
        profile.invocations.unshift(invocationOf(record));
        this.#records.splice(i, 1);
      }
    }
    return taken;
  }

  /** The same sink, which remembers the invocations of profiled functions. */
  watching(sink: TelemetrySink): TelemetrySink {
    return {
      invocation: (record) => {
        if (this.#orders.has(record.functionName)) this.#records.push(record);
        sink.invocation(record);
      },
      gateway: (record) => sink.gateway(record),
      httpApi: (record) => sink.httpApi(record),
      log: (line) => sink.log(line),
      throttle: (record) => sink.throttle(record),
    };
  }

  /** null: environments of this function are not profiled. */
  begin(
    functionName: string,
    environment: string,
    place: { taskRoot: string; bootstrap: string; file: string },
  ): ProfiledLaunch | null {
    const order = this.#orders.get(functionName);
    if (order === undefined) return null;
    const { taskRoot } = place;
    const bootstrap = dirname(place.bootstrap);
    const descriptor = openSync(place.file, 'wx+', 0o600);
    // It lives as long as it is open: nothing is left behind however this ends.
    rmSync(place.file);
    return {
      entry: join(bootstrap, 'profile.mjs'),
      descriptor,
      variables: (child) => ({
        _BENCH_PROFILE: `${child},${order.initIntervalUs},${order.invocationIntervalUs}`,
      }),
      ended: () => {
        const known = this.#told.get(functionName) ?? [];
        try {
          const told = readTold(descriptor);
          const profile = { environment, taskRoot, bootstrap, told, invocations: [] };
          this.#told.set(functionName, [...known, profile]);
        } finally {
          closeSync(descriptor);
        }
      },
    };
  }
}

function invocationOf(record: InvocationRecord): ProfiledInvocation {
  const { requestId, trace, invokedUs, respondedUs, init } = record;
  return { requestId, traceId: trace.root, invokedUs, respondedUs, first: init !== null };
}

/** What the process wrote; a last line that was cut off when it was killed is left out. */
function readTold(descriptor: number): ToldProfile[] {
  const bytes = Buffer.alloc(Math.min(fstatSync(descriptor).size, MOST_BYTES));
  let read = 0;
  while (read < bytes.length) {
    const got = readSync(descriptor, bytes, read, bytes.length - read, read);
    if (got === 0) break;
    read += got;
  }
  return bytes
    .toString('utf8', 0, read)
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      // The function's own code could have written there, too.
      try {
        const parsed = toldProfileSchema.safeParse(JSON.parse(line));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    });
}
