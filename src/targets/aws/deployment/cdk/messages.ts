import { z } from 'zod';
import type { DeploymentSpec } from '../../../../../deploy/stacks/spec.ts';

/** What the child is told, as JSON on its stdin. No secrets: keys come by its environment. */
export interface Job {
  action: 'synth' | 'deploy';
  spec: DeploymentSpec;
  /** Where templates and assets are written; absolute. */
  folder: string;
  /** A module in place of deploy/stacks/app.ts that exports its `synth`. */
  app: string | null;
}

/** What it says, a line of JSON each on its stdout. */
export const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), text: z.string() }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('failed'), name: z.string(), message: z.string() }),
]);

export type Message = z.infer<typeof messageSchema>;
