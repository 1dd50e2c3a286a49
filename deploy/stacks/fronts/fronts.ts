import type { Stack } from 'aws-cdk-lib/core';
import type { BenchFunction } from '../function.ts';
import type { FunctionOutput } from '../outputs.ts';
import type { DeploymentSpec } from '../spec.ts';
import { functionUrl } from './function-url.ts';
import { httpApi } from './http-api.ts';
import { restApi } from './rest-api.ts';

/** What outputs say of a function's fronts; Lambda's own Invoke needs nothing told. */
type ToldFronts = Pick<FunctionOutput, 'restApi' | 'httpApi' | 'functionUrl'>;

/** The fronts each function asks for: at most one API of each kind, with a route per function. */
export function fronts(
  stack: Stack,
  functions: readonly BenchFunction[],
  spec: DeploymentSpec,
): Map<BenchFunction, ToldFronts> {
  const asking = (front: string) =>
    functions.filter(({ spec: { fronts } }) => fronts.some((name) => name === front));
  const rest = restApi(stack, asking('rest-api'), spec);
  const http = httpApi(stack, asking('http-api'), spec);
  const told = functions.map((of): [BenchFunction, ToldFronts] => {
    const has = new Set(of.spec.fronts);
    return [
      of,
      {
        ...(has.has('rest-api') && rest && { restApi: rest }),
        ...(has.has('http-api') && http && { httpApi: http }),
        ...(has.has('function-url') && { functionUrl: functionUrl(of) }),
      },
    ];
  });
  return new Map(told);
}
