import { defineConfig } from 'vitest/config';

/**
 * Tests that start nothing and leave nothing in their process: they need none of their own, which a
 * third of their time would go into.
 */
const PURE = ['src/{analysis,aws,config,gate,model,report,stats,store}/**/*.test.ts'];

/** Tests that start no load and measure nothing: two of them at a time disturb nothing. */
const PLAIN = [
  'src/{backends,cli,collectors,databases,merge,revisions}/**/*.test.ts',
  'src/emulator/{fronts,protocols,telemetry}/**/*.test.ts',
  'src/targets/{aws,url}/**/*.test.ts',
  'test/{agreement,aws,aws-clients,bad-input,baseline,compare}.test.ts',
  'test/{fuzz,postgres-on-aws,report-factors,servers}.test.ts',
  'test/{nothing-stays,own-handler,own-handler-cli,settings,stacks,url-target,workflows}.test.ts',
  '{deploy,fixtures,reports,scenarios}/**/*.test.ts',
];

const SHARED = {
  // Children are tied to the thread that started them (see base/processes/supervisor.ts).
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...SHARED,
          name: 'pure',
          include: PURE,
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...SHARED,
          name: 'plain',
          include: PLAIN,
          globalSetup: 'reports/page/testing/chromium-folder.ts',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...SHARED,
          name: 'measured',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...PURE, ...PLAIN],
          // Tests start real processes and measure: two at a time on two cores would measure each other.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
