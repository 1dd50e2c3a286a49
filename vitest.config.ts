import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'fixtures/**/*.test.ts',
      'scenarios/**/*.test.ts',
      'deploy/**/*.test.ts',
      'reports/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // Tests start real processes and measure: two at a time on two cores would measure each other.
    fileParallelism: false,
    // Children are tied to the thread that started them (see base/processes/supervisor.ts).
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
