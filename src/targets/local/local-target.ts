import { availableParallelism } from 'node:os';
import { nowUs } from '../../base/clock.ts';
import { ToolError, UsageError } from '../../base/errors.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import type {
  BackendInstance,
  HandlerArtifact,
  ProvisionedEndpoint,
  Target,
} from '../../model/ports.ts';
import type { Cell } from '../../model/run.ts';
import type { HostFacts } from '../../model/trial.ts';

/** The fronts this target has. */
export const LOCAL_FRONTS = ['rest-api', 'function-url'] as const;

interface Deployed {
  backend: BackendInstance;
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
    const known = deployed.get(endpoint.functionName);
    if (known === undefined)
      throw new ToolError(`${endpoint.functionName} was not provisioned here`);
    return known;
  }

  return {
    name: 'local',

    async provision(cell: Cell, artifact: HandlerArtifact, backend: BackendInstance) {
      const { endpoint } = cell;
      const front = LOCAL_FRONTS.find((name) => name === endpoint.front);
      if (front === undefined)
        throw new UsageError(`--front: the local target has no ${endpoint.front}`);
      const configuration = await emulator.functions.create({
        name: cell.id,
        runtime: endpoint.runtime,
        codeFolder: artifact.folder,
        handler: { file: artifact.file, exportName: artifact.exportName },
        memoryMb: endpoint.memoryMb,
        timeoutS: endpoint.timeoutS,
        environment: backend.environment(endpoint),
      });
      const { url, frontDimensions } = await emulator.addFront(front, cell.id);
      deployed.set(cell.id, {
        backend,
        startedUs: 0,
        emulatorCpuUs: 0,
        databaseCpuUs: 0,
        lostDatagrams: 0,
      });
      return {
        url,
        invoke: null,
        headers: {},
        front,
        memoryMb: endpoint.memoryMb,
        functionName: cell.id,
        logGroup: configuration.logGroup,
        frontDimensions,
        aws: {
          region: emulator.region,
          endpoint: emulator.awsEndpoint,
          credentials: emulator.credentials,
        },
      };
    },

    // The emulator does not tell them apart yet.
    measureInits: async () => [],

    async beginTrial(endpoint) {
      const marks = deployedOf(endpoint);
      await emulator.functions.endEnvironments(endpoint.functionName);
      emulator.functions.resetFacts();
      marks.startedUs = nowUs();
      marks.emulatorCpuUs = ownCpuUs();
      marks.databaseCpuUs = marks.backend.cpuUs();
      marks.lostDatagrams = await emulator.lostDatagrams();
    },

    async endTrial(endpoint): Promise<HostFacts> {
      const marks = deployedOf(endpoint);
      const elapsedUs = nowUs() - marks.startedUs;
      const emulatorCpu = ownCpuUs() - marks.emulatorCpuUs;
      const databaseCpu = marks.backend.cpuUs() - marks.databaseCpuUs;
      await emulator.functions.endEnvironments(endpoint.functionName);
      await emulator.settle();
      return {
        ...(await emulator.functions.facts()),
        cores: availableParallelism(),
        elapsedUs,
        emulatorCpuUs: emulatorCpu,
        databaseCpuUs: databaseCpu,
        lostDatagrams: (await emulator.lostDatagrams()) - marks.lostDatagrams,
      };
    },

    close: () => emulator.close(),
  };
}

/** The emulator shares this process with the pipeline, which does nothing while a load runs. */
function ownCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
