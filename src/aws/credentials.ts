import type { AwsAccess } from '../model/ports.ts';
import type { AwsCredentials } from '../model/scenario.ts';
import { stsClient } from './clients.ts';

/**
 * The keys of an access, resolved as the SDK does (environment, profile, role, container, instance).
 * Throws what the SDK throws where there are none.
 */
export async function credentialsOf(access: AwsAccess): Promise<AwsCredentials> {
  const client = await stsClient(access, 1);
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } =
      await client.config.credentials();
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken: sessionToken ?? null,
      expiresAtMs: expiration?.getTime() ?? null,
    };
  } finally {
    client.destroy();
  }
}
