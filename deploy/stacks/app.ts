import {
  App,
  CliCredentialsStackSynthesizer,
  type IStackSynthesizer,
  Stack,
  Tags,
} from 'aws-cdk-lib/core';
import type { BackendResources } from './backend-resources.ts';
import { dynamoResources } from './dynamo.ts';
import { fronts } from './fronts/fronts.ts';
import { ALIAS, benchFunction } from './function.ts';
import { type FunctionOutput, tell } from './outputs.ts';
import { postgresResources } from './postgres/postgres.ts';
import type { BackendName, DeploymentSpec, StackSpec } from './spec.ts';

const BACKENDS: Record<
  BackendName,
  (stack: Stack, stackSpec: StackSpec, spec: DeploymentSpec) => BackendResources
> = {
  dynamo: dynamoResources,
  postgres: postgresResources,
};

/**
 * Writes a CDK assembly of one stack per backend to `outdir`: templates, and the functions' code. It
 * needs no bootstrap, asks AWS nothing and holds no secrets. Throws where the folder cannot be
 * written or the specification makes no valid stack.
 */
export function synth(spec: DeploymentSpec, outdir: string): void {
  appOf(spec, outdir).synth();
}

/** The same before it is written. */
export function appOf(spec: DeploymentSpec, outdir: string): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    // It takes four times as long as all the rest; cfn-lint has seen every kind of stack there is
    // (test/stacks.test.ts), and CloudFormation looks again.
    builtinCloudFormationValidation: false,
  });
  for (const stackSpec of spec.stacks) addStack(app, stackSpec, spec);
  return app;
}

/** One stack: the backend's resources, a function per FunctionSpec, and their fronts. */
function addStack(app: App, stackSpec: StackSpec, spec: DeploymentSpec): void {
  const { account, region, run, createdAt, expiresAt, kept, assetBucket } = spec;
  const stack = new Stack(app, stackSpec.name, {
    stackName: stackSpec.name,
    env: { account, region },
    // CDK's classes fit their interfaces but for exactOptionalPropertyTypes: hence "as".
    synthesizer: new CliCredentialsStackSynthesizer({
      fileAssetsBucketName: assetBucket,
    }) as IStackSynthesizer,
    terminationProtection: false,
    description: `graphql-lambda-bench run ${run}: functions over ${stackSpec.backend}`,
  });
  Tags.of(stack).add('graphql-lambda-bench:run', run);
  Tags.of(stack).add('graphql-lambda-bench:created', createdAt);
  Tags.of(stack).add('graphql-lambda-bench:expires', expiresAt);
  Tags.of(stack).add('graphql-lambda-bench:kept', String(kept));

  const backend = BACKENDS[stackSpec.backend](stack, stackSpec, spec);
  const functions = stackSpec.functions.map((of, index) =>
    benchFunction(stack, `Function${index}`, of, backend.accessOf(of), spec),
  );
  const told = fronts(stack, functions, spec);
  for (const [index, of] of functions.entries()) {
    const { key, name, memoryMb, timeoutS, codeSha256, alias } = of.spec;
    const output: FunctionOutput = {
      key,
      name,
      qualifier: alias ? ALIAS : null,
      memoryMb,
      timeoutS,
      codeSha256,
      region,
      domain: stack.urlSuffix,
      ...told.get(of),
    };
    tell(stack, `Function${index}Output`, output);
  }
}
