import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Supervisor } from '../../base/processes/supervisor.ts';
import type { ControlGroup, ControlGroups } from '../cgroups/index.ts';
import { randomHex } from '../ids.ts';
import type { FunctionConfiguration, FunctionHostOptions } from '../types.ts';
import { makeHome, type NodeRuntime } from './code.ts';
import type { ProfiledLaunch, Profiles } from './profile.ts';
import { type InitializationType, initVcpusOf, nodeFlags } from './quota.ts';
import type { Launch } from './sandbox.ts';
import { environmentVariables } from './variables.ts';

/** What all environments of a host are started with. */
export interface LaunchOptions {
  supervisor: Supervisor;
  options: FunctionHostOptions;
  groups: ControlGroups | null;
  uid: number | undefined;
  node: NodeRuntime;
  profiles: Profiles;
  /** Homes of environments are made here. */
  folder: string;
}

/** Starts environments of a configuration: group and home first, then the process inside them. */
export function launcherOf(
  { supervisor, options, groups, uid, node, profiles, folder }: LaunchOptions,
  configuration: FunctionConfiguration,
  taskRoot: string,
  logStream: string,
  initialization: InitializationType,
): Launch {
  return async (runtimeApi) => {
    const name = `environment-${randomHex(4)}`;
    const home = join(folder, name);
    await makeHome(home, uid);
    const removeHome = (): Promise<void> => rm(home, { recursive: true, force: true });
    let group: ControlGroup | null = null;
    let profiled: ProfiledLaunch | null = null;
    const place = { runtimeApi, taskRoot, home, logStream, initialization };
    const nodejs = configuration.runtime.startsWith('nodejs');
    const command = nodejs ? node.command : join(taskRoot, configuration.handler.file);
    try {
      if (nodejs) {
        const file = join(folder, `${name}.profile`);
        const { bootstrap } = node;
        profiled = profiles.begin(configuration.name, logStream, { taskRoot, bootstrap, file });
      }
      // From 4 on, as the child sees them.
      const descriptors = nodejs ? [...node.descriptors] : [];
      const variables = profiled?.variables(4 + descriptors.length) ?? {};
      if (profiled !== null) descriptors.push(profiled.descriptor);
      group = groups?.create(name) ?? null;
      group?.setCpus(initVcpusOf(initialization, configuration.memoryMb));
      group?.setMemoryLimit(configuration.memoryMb * 1024 * 1024);
      const process = supervisor.spawn(
        command,
        nodejs ? [...nodeFlags(configuration.memoryMb), profiled?.entry ?? node.bootstrap] : [],
        {
          cwd: taskRoot,
          env: { ...environmentVariables(configuration, place, options), ...variables },
          stdio: ['ignore', 'pipe', 'pipe', 'ignore', ...descriptors],
          ...(uid === undefined ? {} : { uid }),
          cgroups: group?.folders ?? [],
        },
      );
      void process.ended.then(() => profiled?.ended()).catch(() => {});
      void process.ended.then(removeHome).catch(() => {});
      return { process, group };
    } catch (error) {
      // Nothing runs: what was made for it would stay until the host's end.
      group?.remove();
      profiled?.ended();
      await removeHome().catch(() => {});
      throw error;
    }
  };
}
