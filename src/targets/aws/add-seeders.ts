import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploymentSpec } from '../../../deploy/stacks/spec.ts';
import { namePrefix } from '../../model/deployment.ts';
import type { RemoteBackends } from '../../model/remote-backend.ts';

/** Completes a specification: builds the seeders of the stacks that need one, below `folder`. */
export async function addSeeders(
  spec: DeploymentSpec,
  backends: RemoteBackends,
  folder: string,
): Promise<void> {
  for (const stack of spec.stacks) {
    const own = join(folder, `seeder-${stack.backend}`);
    mkdirSync(own, { recursive: true });
    const seeder = await backends[stack.backend].seeder(own);
    stack.seeder = seeder === null ? null : { ...seeder, name: `${namePrefix(spec.run)}seeder` };
  }
}
