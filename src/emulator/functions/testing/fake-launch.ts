import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { Agent, request } from 'node:http';
import type { SupervisedProcess } from '../../../base/processes/supervisor.ts';
import type { FunctionConfiguration } from '../../types.ts';
import type { InitializationType } from '../quota.ts';
import type { Launch } from '../sandbox.ts';

/** An environment without a process. */
export interface FakeEnvironment {
  configuration: FunctionConfiguration;
  logStream: string;
  initialization: InitializationType;
}

/** No process has it. */
const NO_PID = 2 ** 30;

/**
 * Launches of environments that are no processes: they speak the Runtime API from within this one, so
 * that sequences of hundreds of them can be tested.
 * @param handle resolves when an invocation is to be answered, with null
 */
export function fakeLaunch(
  environment: FakeEnvironment,
  handle: (event: unknown, environment: FakeEnvironment) => Promise<void>,
): Launch {
  return async (address) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ended = Promise.withResolvers<number | NodeJS.Signals>();
    const child = new EventEmitter();
    const call = (method: string, path: string, body?: string) =>
      fetchText(agent, `http://${address}/2018-06-01/runtime/invocation/${path}`, method, body);
    const work = async (): Promise<void> => {
      for (;;) {
        const { requestId, text } = await call('GET', 'next');
        await handle(JSON.parse(text), environment);
        await call('POST', `${requestId}/response`, 'null');
      }
    };
    const end = (how: number | NodeJS.Signals): void => {
      agent.destroy();
      ended.resolve(how);
      child.emit('close');
    };
    // Its connection closes when it is to end.
    work().catch(() => end(0));
    const process: SupervisedProcess = {
      pid: NO_PID,
      child: child as ChildProcess,
      ended: ended.promise,
      signal: (signal) => {
        if (signal === 'SIGKILL') end(signal);
      },
    };
    return { process, group: null };
  };
}

function fetchText(
  agent: Agent,
  url: string,
  method: string,
  body: string | undefined,
): Promise<{ requestId: string; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method }, (response) => {
      const requestId = String(response.headers['lambda-runtime-aws-request-id'] ?? '');
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ requestId, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
