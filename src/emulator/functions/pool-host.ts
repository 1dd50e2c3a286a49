import { nowUs } from '../../base/clock.ts';
import type { FunctionConfiguration } from '../types.ts';
import type { Environment, EnvironmentOwner } from './environment.ts';
import { initReportLine, initStartLine } from './life-cycle-lines.ts';
import type { Slots } from './limits.ts';
import type { FailedInit } from './outcomes.ts';
import type { InitializationType } from './quota.ts';
import type { Refusal } from './refusals.ts';
import type { Launch } from './sandbox.ts';
import type { FunctionHostSettings } from './settings.ts';

/** What a function's environments need of the host. */
export interface PoolHost extends Omit<EnvironmentOwner, 'onIdle' | 'onGone'> {
  readonly settings: FunctionHostSettings;
  readonly initSlots: Slots;
  /** How to start a process for an environment of this configuration. */
  launcher(
    configuration: FunctionConfiguration,
    logStream: string,
    initialization: InitializationType,
  ): Launch;
  /** Null where so many more environments may be started. */
  refusal(configuration: FunctionConfiguration, environments: number): Refusal | null;
  environmentStarted(environment: Environment): void;
  /** So many more wait for their turn to initialise: they are to be, and not started. */
  environmentsQueued(more: number): void;
  environmentGone(environment: Environment, expected: boolean): void;
  /** Of this machine's CPU time; see IdleCpu. */
  idleCpuShare(): number;
  waitedForInit(us: number): void;
  /** A request whose environment was not started got one that had been used. */
  initSkipped(): void;
}

/** A line of the platform's in the log of an environment. */
export function logPlatformLine(host: PoolHost, environment: Environment, message: string): void {
  const { configuration, logStream } = environment;
  const line = { functionName: configuration.name, environment: logStream, atUs: nowUs(), message };
  host.telemetry.log(line);
}

export function logInitStart(
  host: PoolHost,
  environment: Environment,
  type: InitializationType = 'on-demand',
): void {
  logPlatformLine(host, environment, initStartLine(environment.configuration, type));
}

export function logInitReport(
  host: PoolHost,
  environment: Environment,
  outcome: FailedInit,
  phase: 'init' | 'invoke',
  type: InitializationType = 'on-demand',
): void {
  const line = initReportLine(environment.configuration, outcome, phase, type);
  logPlatformLine(host, environment, line);
}
