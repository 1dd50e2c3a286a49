import { randomBytes, randomUUID } from 'node:crypto';
import { nowUs } from '../../base/clock.ts';
import type { FunctionHost, InvocationResult } from '../../emulator/types.ts';
import type { HandlerArtifact } from '../../model/ports.ts';

export interface InitRate {
  perS: number;
  environments: number;
}

/**
 * Environments this host can initialise per second: starts `environments` of a handler at once (the
 * host caps how many initialise at a time) and divides by the time until the last one is ready.
 * null where the handler does not initialise.
 */
export async function measureInitRate(
  functions: FunctionHost,
  artifact: HandlerArtifact,
  environments: number,
): Promise<InitRate | null> {
  const functionName = 'doctor';
  await functions.create({
    name: functionName,
    runtime: 'nodejs24.x',
    codeFolder: artifact.folder,
    handler: { file: artifact.file, exportName: artifact.exportName },
    memoryMb: 1024,
    timeoutS: 30,
    environment: { USERS_TABLE: 'none', TWEETS_TABLE: 'none' },
  });
  const startedUs = nowUs();
  // What the handler makes of an empty event is of no interest: its environment was initialised.
  const invoke = (): Promise<InvocationResult> =>
    functions.invoke({
      functionName,
      requestId: randomUUID(),
      payload: Buffer.from('{}'),
      trace: {
        root: `1-00000000-${randomBytes(12).toString('hex')}`,
        parent: null,
        sampled: false,
      },
      clientContext: null,
      receivedUs: nowUs(),
    });
  const results = await Promise.all(Array.from({ length: environments }, invoke));
  await functions.endEnvironments(functionName);
  const ended = results.flatMap((result) =>
    result.kind !== 'refused' && result.record.init !== null ? [result.record.init.endedUs] : [],
  );
  if (ended.length === 0) return null;
  return {
    perS: (ended.length * 1e6) / (Math.max(...ended) - startedUs),
    environments: ended.length,
  };
}
