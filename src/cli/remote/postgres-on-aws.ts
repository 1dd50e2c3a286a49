import { bundleSeeder } from '../../backends/postgres/bundle-seeder.ts';
import { featuresOf, queryEnvironment } from '../../backends/postgres/variants.ts';
import type { RemoteBackend } from '../../targets/aws/dependencies.ts';

/** PostgreSQL as the target `aws` deploys it: filled by a function inside its network. */
export const postgresOnAws: RemoteBackend = {
  dataset: (endpoint) => ({ name: endpoint.dataset, indexed: featuresOf(endpoint).index }),
  // The stack knows the database's address and the schemas.
  environment: queryEnvironment,
  seeder: bundleSeeder,
  async seed(job) {
    const { seedPostgres } = await import('../../targets/aws/seeding/postgres.ts');
    await seedPostgres({
      ...job,
      run: job.deployment.run,
      datasets: job.asked.map(({ dataset }) => dataset),
    });
  },
};
