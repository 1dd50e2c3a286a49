import { join } from 'node:path';
import { nowUs } from '../../../base/clock.ts';
import { packageRoot } from '../../../base/package-root.ts';
import { createSupervisor } from '../../../base/processes/supervisor.ts';
import { randomHex } from '../../ids.ts';
import type {
  FunctionHost,
  FunctionSpec,
  InvocationRecord,
  InvocationResult,
  LogLine,
  OpenStream,
} from '../../types.ts';
import { createFunctionHost } from '../host.ts';
import type { FunctionHostSettings } from '../settings.ts';

/** For tests: a host with real processes whose telemetry is kept in lists. */
export interface Bench {
  host: FunctionHost;
  records: InvocationRecord[];
  logs: LogLine[];
  throttles: string[];
  /** Creates a function over a handler of fixtures/handlers/hosted. */
  create(name: string, spec?: Partial<FunctionSpec>): Promise<void>;
  /** @param name with a qualifier after a colon where there is one: `f:live` */
  call(
    name: string,
    event: unknown,
    requestId?: string,
    openStream?: OpenStream | null,
  ): Promise<InvocationResult>;
  /** The parsed payload of an answer; throws where it is none. */
  answer<T>(name: string, event: unknown): Promise<T>;
  close(): Promise<void>;
}

export async function openBench(settings: Partial<FunctionHostSettings> = {}): Promise<Bench> {
  const supervisor = createSupervisor();
  const records: InvocationRecord[] = [];
  const logs: LogLine[] = [];
  const throttles: string[] = [];
  const host = await createFunctionHost(
    supervisor,
    {
      region: 'eu-west-1',
      accountId: '123456789012',
      xrayDaemonAddress: '127.0.0.1:2000',
      awsEndpoint: 'http://127.0.0.1:9',
      credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' },
      telemetry: {
        invocation: (record) => records.push(record),
        gateway: () => {},
        httpApi: () => {},
        log: (line) => logs.push(line),
        throttle: ({ functionName }) => throttles.push(functionName),
      },
    },
    settings,
  );
  const call: Bench['call'] = (name, event, requestId = randomHex(16), openStream = null) => {
    const [functionName = '', qualifier = null] = name.split(':');
    return host.invoke({
      functionName,
      qualifier,
      requestId,
      payload: Buffer.from(JSON.stringify(event)),
      trace: { root: `1-5f84c7a1-${randomHex(12)}`, parent: null, sampled: true },
      clientContext: null,
      receivedUs: nowUs(),
      openStream,
    });
  };
  return {
    host,
    records,
    logs,
    throttles,
    call,
    create: async (name, spec = {}) => {
      await host.create({
        name,
        runtime: 'nodejs24.x',
        codeFolder: join(packageRoot(), 'fixtures/handlers/hosted'),
        handler: { file: 'probe.mjs', exportName: 'handler' },
        memoryMb: 512,
        timeoutS: 5,
        environment: {},
        ...spec,
      });
    },
    answer: async (name, event) => {
      const result = await call(name, event);
      if (result.kind !== 'answer') throw new Error(`no answer: ${JSON.stringify(result)}`);
      return JSON.parse(result.payload.toString());
    },
    close: async () => {
      await host.close();
      await supervisor.close();
    },
  };
}

/** A payload that is an error, parsed. */
export function errorOf(result: InvocationResult): { errorType: string; errorMessage: string } {
  if (result.kind !== 'function_error') throw new Error(`no error: ${result.kind}`);
  return JSON.parse(result.payload.toString());
}
