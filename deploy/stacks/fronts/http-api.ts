import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Stack } from 'aws-cdk-lib/core';
import type { BenchFunction } from '../function.ts';
import type { DeploymentSpec } from '../spec.ts';

const STAGE = '$default';

/** One HTTP API with a route per function; none where no function asks for it. */
export function httpApi(
  stack: Stack,
  functions: readonly BenchFunction[],
  { throttle }: DeploymentSpec,
): { id: string; stage: string } | null {
  if (functions.length === 0) return null;
  const api = new apigatewayv2.HttpApi(stack, 'HttpApi', {
    apiName: stack.stackName,
    createDefaultStage: false,
    defaultAuthorizer: new authorizers.HttpIamAuthorizer(),
  });
  new apigatewayv2.HttpStage(stack, 'HttpStage', {
    httpApi: api,
    stageName: STAGE,
    autoDeploy: true,
    throttle: { rateLimit: throttle.ratePerS, burstLimit: throttle.burst },
  });
  for (const { spec, target } of functions) {
    api.addRoutes({
      path: `/${spec.key}/graphql`,
      methods: [apigatewayv2.HttpMethod.POST],
      integration: new integrations.HttpLambdaIntegration(`Integration-${spec.name}`, target),
    });
  }
  return { id: api.httpApiId, stage: STAGE };
}
