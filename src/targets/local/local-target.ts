import { availableParallelism } from 'node:os';
import { renewFunction } from '../../aws/renew-function.ts';
import { nowUs } from '../../base/clock.ts';
import { ToolError, UsageError } from '../../base/errors.ts';
import type { Emulator, FrontKind } from '../../emulator/emulator.ts';
import { functionSettings } from '../../model/endpoint.ts';
import {
  type BackendInstance,
  functionOf,
  type HandlerArtifact,
  type ProvisionedEndpoint,
  type Target,
} from '../../model/ports.ts';
import type { Cell } from '../../model/run.ts';
import type { HostFacts, InitSample } from '../../model/trial.ts';
import { LOCAL_FRONTS } from './fronts.ts';
import { functionNameOf } from './function-name.ts';
import { measureInitRate } from './init-rate.ts';

export { LOCAL_FRONTS };

type Way = Pick<ProvisionedEndpoint, 'url' | 'asEvent' | 'signing' | 'frontDimensions'>;

interface Deployed {
  backend: BackendInstance;
  provisionedConcurrency: number;
  reservedConcurrency: number | null;
  /** Of the trial's begin. */
  provisionedReady: number;
  /** Marks of the trial's begin, for what is told as a difference. */
  startedUs: number;
  emulatorCpuUs: number;
  databaseCpuUs: number;
  lostDatagrams: number;
}

/** Lambda on this machine. The emulator is the caller's: it is closed with the target. */
export function createLocalTarget(emulator: Emulator): Target {
  const deployed = new Map<string, Deployed>();

  function deployedOf(endpoint: ProvisionedEndpoint): Deployed {
    const known = deployed.get(functionOf(endpoint).functionName);
    if (known === undefined)
      throw new ToolError(`${endpoint.functionName} was not provisioned here`);
    return known;
  }

  /** Invoke is answered where all of AWS's APIs are. */
  function invokeOf(functionName: string): Way {
    return {
      url: emulator.invokeUrl(functionName),
      asEvent: true,
      signing: { service: 'lambda', region: emulator.region },
      frontDimensions: null,
    };
  }

  async function frontOf(kind: FrontKind, functionName: string, streams: boolean): Promise<Way> {
    const { url, frontDimensions } = await emulator.addFront(kind, functionName, 0, {
      ...(streams && { invokeMode: 'response-stream' }),
    });
    // Servers may route by path: behind every front it is the same one.
    const asked = kind === 'function-url' ? new URL('/graphql', url).href : url;
    return { url: asked, asEvent: false, signing: null, frontDimensions };
  }

  return {
    name: 'local',

    async provision(cell: Cell, artifact: HandlerArtifact, backend: BackendInstance) {
      const { endpoint } = cell;
      const front = LOCAL_FRONTS.find((name) => name === endpoint.front);
      if (front === undefined)
        throw new UsageError(`--front: the local target has no ${endpoint.front}`);
      const functionName = functionNameOf(cell.id);
      const configuration = await emulator.functions.create({
        name: functionName,
        codeFolder: artifact.folder,
        handler: { file: artifact.file, exportName: artifact.exportName },
        ...functionSettings(endpoint),
        environment: backend.environment(endpoint),
      });
      const way =
        front === 'invoke'
          ? invokeOf(functionName)
          : await frontOf(front, functionName, endpoint.responseStreaming);
      deployed.set(functionName, {
        backend,
        provisionedConcurrency: endpoint.provisionedConcurrency,
        reservedConcurrency: endpoint.reservedConcurrency,
        provisionedReady: 0,
        startedUs: 0,
        emulatorCpuUs: 0,
        databaseCpuUs: 0,
        lostDatagrams: 0,
      });
      return {
        ...way,
        headers: {},
        front,
        memoryMb: endpoint.memoryMb,
        functionName,
        qualifier: null,
        logGroup: configuration.logGroup,
        traced: true,
        aws: {
          region: emulator.region,
          endpoint: emulator.awsEndpoint,
          credentials: emulator.credentials,
        },
      };
    },

    async measureInits(endpoint, count): Promise<InitSample[]> {
      const samples: InitSample[] = [];
      for (let i = 0; i < count; i += 1) {
        const { initUs, loadUs } = await emulator.functions.measureInit(
          functionOf(endpoint).functionName,
        );
        samples.push({ initMs: initUs / 1000, loadMs: loadUs === null ? null : loadUs / 1000 });
      }
      return samples;
    },

    async measureInitRate(endpoint) {
      const { functionName } = functionOf(endpoint);
      return (await measureInitRate(emulator.functions, functionName)).perS;
    },

    async renewEnvironments(endpoint, signal) {
      const { functions } = emulator;
      const { functionName, aws } = functionOf(endpoint);
      await renewFunction(aws, functionName, { settleMs: 0, signal });
      // Old environments that are still ending would take CPU from the one that initialises next.
      if (deployedOf(endpoint).provisionedConcurrency === 0) {
        await functions.endEnvironments(functionName);
      } else await functions.provisionedReady(functionName);
    },

    async beginTrial(endpoint) {
      const marks = deployedOf(endpoint);
      const { functions } = emulator;
      const { functionName } = functionOf(endpoint);
      await functions.endEnvironments(functionName);
      // One cell is live at a time: what is reserved and provisioned is so until the trial ends, else
      // the endpoints of a run would have to share the account.
      functions.reserveConcurrency(functionName, marks.reservedConcurrency);
      if (marks.provisionedConcurrency > 0) {
        await functions.provisionConcurrency(functionName, marks.provisionedConcurrency);
      }
      marks.provisionedReady = functions.concurrency(functionName).provisioned?.available ?? 0;
      functions.resetFacts();
      marks.startedUs = nowUs();
      marks.emulatorCpuUs = ownCpuUs();
      marks.databaseCpuUs = marks.backend.cpuUs();
      marks.lostDatagrams = await emulator.lostDatagrams();
    },

    async endTrial(endpoint): Promise<HostFacts> {
      const { functionName } = functionOf(endpoint);
      const marks = deployedOf(endpoint);
      const elapsedUs = nowUs() - marks.startedUs;
      const emulatorCpu = ownCpuUs() - marks.emulatorCpuUs;
      const databaseCpu = marks.backend.cpuUs() - marks.databaseCpuUs;
      if (marks.provisionedConcurrency > 0) {
        await emulator.functions.provisionConcurrency(functionName, 0);
      }
      emulator.functions.reserveConcurrency(functionName, null);
      await emulator.functions.endEnvironments(functionName);
      await emulator.settle();
      return {
        ...(await emulator.functions.facts()),
        cores: availableParallelism(),
        provisionedReady: marks.provisionedReady,
        elapsedUs,
        emulatorCpuUs: emulatorCpu,
        databaseCpuUs: databaseCpu,
        lostDatagrams: (await emulator.lostDatagrams()) - marks.lostDatagrams,
      };
    },

    profiler: {
      begin: (endpoint, order) =>
        emulator.functions.profile(functionOf(endpoint).functionName, order),
      end: (endpoint) => emulator.functions.profile(functionOf(endpoint).functionName, null),
      take: (endpoint) => emulator.functions.takeProfiles(functionOf(endpoint).functionName),
    },

    close: () => emulator.close(),
  };
}

/** The emulator shares this process with the pipeline, which does nothing while a load runs. */
function ownCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
