import type { Environment } from './settings/secrets.ts';

/** Where the AWS SDK and the AWS CLI look for a region, in their order. */
const VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const;

/** The region the environment names, with the variable that does; null: none does. */
export function regionOfEnvironment(
  env: Environment,
): { region: string; variable: (typeof VARIABLES)[number] } | null {
  for (const variable of VARIABLES) {
    const region = env[variable];
    if (region !== undefined && region !== '') return { region, variable };
  }
  return null;
}
