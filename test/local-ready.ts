import { z } from 'zod';

/** What `bench local --json` prints when it is ready. */
export const readySchema = z.object({
  frontUrl: z.url(),
  awsEndpoint: z.url(),
  region: z.string(),
  functionName: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});
