import type { RemoteBackend } from '../../model/remote-backend.ts';
import { bundleSeeder } from './bundle-seeder.ts';
import { featuresOf, queryEnvironment } from './variants.ts';

/** PostgreSQL as the target `aws` deploys it: filled by a function inside its network. */
export const postgresOnAws: RemoteBackend = {
  dataset: (endpoint) => ({ name: endpoint.dataset, indexed: featuresOf(endpoint).index }),
  // The stack knows the database's address and the schemas.
  environment: queryEnvironment,
  seeder: bundleSeeder,
  async seed(job) {
    const { seedRemote } = await import('./seed-remote.ts');
    await seedRemote({
      ...job,
      run: job.deployment.run,
      datasets: job.asked.map(({ dataset }) => dataset),
    });
  },
};
