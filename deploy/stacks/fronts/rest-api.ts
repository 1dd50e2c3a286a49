import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Stack } from 'aws-cdk-lib/core';
import type { BenchFunction } from '../function.ts';
import type { DeploymentSpec } from '../spec.ts';

const STAGE = 'bench';

/**
 * One regional REST API with a route per function; none where no function asks for it. Metrics by
 * `{ApiName, Stage}` are free; those by method (`metricsEnabled`) cost, and nothing reads them.
 */
export function restApi(
  stack: Stack,
  functions: readonly BenchFunction[],
  { throttle }: DeploymentSpec,
): { id: string; name: string; stage: string } | null {
  if (functions.length === 0) return null;
  const api = new apigateway.RestApi(stack, 'RestApi', {
    restApiName: stack.stackName,
    endpointTypes: [apigateway.EndpointType.REGIONAL],
    // Its role would belong to the account and stay behind.
    cloudWatchRole: false,
    deployOptions: {
      stageName: STAGE,
      tracingEnabled: true,
      throttlingRateLimit: throttle.ratePerS,
      throttlingBurstLimit: throttle.burst,
    },
    defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM },
  });
  // An output of the CDK's; the functions' outputs say it all.
  api.node.tryRemoveChild('Endpoint');
  for (const { spec, target } of functions) {
    api.root
      .addResource(spec.key)
      .addResource('graphql')
      .addMethod('POST', new apigateway.LambdaIntegration(target, { allowTestInvoke: false }));
  }
  return { id: api.restApiId, name: stack.stackName, stage: STAGE };
}
