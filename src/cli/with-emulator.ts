import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/emulator.ts';

/** Starts the local Lambda for `work` and ends it, however `work` ends. */
export async function withEmulator<T>(
  options: EmulatorOptions,
  work: (emulator: Emulator) => Promise<T>,
): Promise<T> {
  const emulator = await startEmulator(options);
  try {
    return await work(emulator);
  } finally {
    await emulator.close();
  }
}
