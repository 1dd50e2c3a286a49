import type { AwsAccess } from '../../model/ports.ts';

/**
 * Where AWS's APIs are asked: AWS itself, or where AWS's own variable says (a stand-in, an emulator).
 * Keys are the SDK's to find.
 */
export function awsAccess(region: string, env: NodeJS.ProcessEnv = process.env): AwsAccess {
  return { region, endpoint: env.AWS_ENDPOINT_URL || null, credentials: null };
}
