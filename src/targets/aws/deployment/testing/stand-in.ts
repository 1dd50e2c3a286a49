import type { DeploymentSpec } from '../../../../../deploy/stacks/spec.ts';
import { type Moto, startMoto } from '../../../../../test/python.ts';
import { createSupervisor, type Supervisor } from '../../../../base/processes/supervisor.ts';
import type { AwsAccess } from '../../../../model/ports.ts';
import { assetsTemplate } from '../assets-stack.ts';
import { bucketClient, stackClient } from '../clients.ts';
import { assetBucket, assetsStackName, stackName, stackTags } from '../names.ts';
import { everythingIn } from './account.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { smallTemplate } from './small-template.ts';

const ACCOUNT = '123456789012';

/** moto behind a proxy for faults, and what tests do with both. */
export interface StandIn {
  moto: Moto;
  proxy: FaultProxy;
  access: AwsAccess;
  supervisor: Supervisor;
  /** What stands in the account, whatever the proxy spoils. */
  everything(): Promise<string[]>;
  /** A specification of one stack per backend; without functions. */
  spec(run: string, backends?: ('dynamo' | 'postgres')[]): DeploymentSpec;
  /** A stack as a stranger would make it. */
  makeStack(name: string, template: object, spec?: DeploymentSpec): Promise<void>;
  /** Stacks of a run as a deploy leaves them when it ends before the bucket is removed. */
  makeRun(run: string): Promise<DeploymentSpec>;
  /** Every fault is off, and nothing is in the account. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const moto = await startMoto();
  const proxy = await startFaultProxy(moto.port);
  const supervisor = createSupervisor();
  const access = accessOf(proxy.endpoint);
  const direct = accessOf(moto.endpoint);
  const stacks = await stackClient(direct);
  const buckets = await bucketClient(direct);
  const { CreateStackCommand } = await import('@aws-sdk/client-cloudformation');
  const { CreateMultipartUploadCommand, PutBucketVersioningCommand, PutObjectCommand } =
    await import('@aws-sdk/client-s3');

  const standIn: StandIn = {
    moto,
    proxy,
    access,
    supervisor,
    everything: () => everythingIn(direct),
    spec: (run, backends = ['dynamo']) => ({
      version: 1,
      run,
      account: ACCOUNT,
      region: access.region,
      createdAt: '2026-11-20T19:15:00.000Z',
      expiresAt: '2026-11-20T23:15:00.000Z',
      kept: true,
      assetBucket: assetBucket(run, ACCOUNT, access.region),
      architecture: 'arm64',
      logRetentionDays: 3,
      throttle: { ratePerS: 100, burst: 100 },
      stacks: backends.map((backend) => ({
        backend,
        name: stackName(run, backend),
        datasets: [],
        functions: [],
        seeder: null,
      })),
    }),
    async makeStack(name, template, spec) {
      await stacks.send(
        new CreateStackCommand({
          StackName: name,
          TemplateBody: JSON.stringify(template),
          Tags: spec === undefined ? [] : stackTags(spec),
        }),
      );
    },
    async makeRun(run) {
      const spec = standIn.spec(run);
      const name = stackName(run, 'dynamo');
      await standIn.makeStack(assetsStackName(run), assetsTemplate(spec.assetBucket), spec);
      await standIn.makeStack(name, smallTemplate(name), spec);
      // Two versions of an object, and an upload that was broken off.
      const Bucket = spec.assetBucket;
      await buckets.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
      );
      await buckets.send(new PutObjectCommand({ Bucket, Key: 'code.zip', Body: 'one' }));
      await buckets.send(new PutObjectCommand({ Bucket, Key: 'code.zip', Body: 'two' }));
      await buckets.send(new CreateMultipartUploadCommand({ Bucket, Key: 'more.zip' }));
      return spec;
    },
    async reset() {
      proxy.fault = null;
      proxy.calls = [];
      await moto.reset();
    },
    async stop() {
      await supervisor.close();
      proxy.stop();
      await moto.stop();
    },
  };
  return standIn;
}

function accessOf(endpoint: string): AwsAccess {
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  return { region: 'us-east-1', endpoint, credentials };
}
