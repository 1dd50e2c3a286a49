import { createSupervisor } from '../../base/processes/supervisor.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts';
import { FakeHost } from './fake-host.ts';

export interface TestEmulator {
  emulator: Emulator;
  host: FakeHost;
  daemonAddress: string;
  close(): Promise<void>;
}

/** An emulator over a FakeHost with the function `f`. */
export async function startTestEmulator(
  options: Partial<EmulatorOptions> = {},
): Promise<TestEmulator> {
  const supervisor = createSupervisor();
  let host: FakeHost | null = null;
  let daemonAddress = '';
  const emulator = await startEmulator({
    supervisor,
    createHost: async (hostOptions) => {
      daemonAddress = hostOptions.xrayDaemonAddress;
      host = new FakeHost(hostOptions);
      return host;
    },
    ...options,
  });
  await emulator.functions.create({
    name: 'f',
    runtime: 'nodejs24.x',
    codeFolder: '/nowhere',
    handler: { file: 'index.mjs', exportName: 'handler' },
    memoryMb: 1024,
    timeoutS: 10,
    environment: { A: '1' },
  });
  return {
    emulator,
    host: host as unknown as FakeHost,
    daemonAddress,
    close: async () => {
      await emulator.close();
      await supervisor.close();
    },
  };
}
