import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import type { FunctionAccess } from './backend-resources.ts';
import type { DeploymentSpec, FunctionSpec } from './spec.ts';

/** The alias that stands before a published version, so that concurrency can be provisioned. */
export const ALIAS = 'live';

/** What Lambda is told of a function. */
export type LambdaSpec = Omit<
  FunctionSpec,
  'key' | 'codeSha256' | 'dataset' | 'fronts' | 'streams'
>;

export interface BenchFunction<Spec extends LambdaSpec = FunctionSpec> {
  spec: Spec;
  /** What fronts and callers invoke: the alias where there is one. */
  target: lambda.IFunction;
}

/** A function with its log group and a role that may do what it needs and nothing else. */
export function benchFunction<Spec extends LambdaSpec>(
  stack: Stack,
  id: string,
  spec: Spec,
  access: FunctionAccess,
  { architecture, logRetentionDays }: DeploymentSpec,
): BenchFunction<Spec> {
  const logGroup = new logs.LogGroup(stack, `${id}Logs`, {
    logGroupName: `/aws/lambda/${spec.name}`,
    retention: logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const made = new lambda.Function(stack, id, {
    functionName: spec.name,
    code: lambda.Code.fromAsset(spec.codeFolder),
    handler: spec.handler,
    runtime: new lambda.Runtime(spec.runtime),
    architecture:
      architecture === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
    memorySize: spec.memoryMb,
    timeout: Duration.seconds(spec.timeoutS),
    environment: { ...spec.environment, ...access.environment },
    role: roleOf(stack, id, logGroup, access),
    tracing: lambda.Tracing.ACTIVE,
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
    // WARN would keep platform.report back, which every figure of a function is read from.
    systemLogLevelV2: lambda.SystemLogLevel.INFO,
    ...access.network,
  });
  made.node.addDependency(...access.after);
  return { spec, target: (spec.alias ? aliasOf(stack, id, made) : made) as lambda.IFunction };
}

function aliasOf(stack: Stack, id: string, of: lambda.Function): lambda.Alias {
  const version = of.currentVersion as lambda.IVersion;
  return new lambda.Alias(stack, `${id}Alias`, { aliasName: ALIAS, version });
}

/**
 * It may not make log groups: lines that come after the stack's deletion find none and make none.
 */
function roleOf(
  stack: Stack,
  id: string,
  logGroup: logs.LogGroup,
  { statements }: FunctionAccess,
): iam.Role {
  const role = new iam.Role(stack, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  const logging = new iam.PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
  for (const statement of [logging, ...statements]) role.addToPolicy(statement);
  return role;
}
