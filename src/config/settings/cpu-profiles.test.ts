import { expect, test } from 'vitest';
import { resolveOptions } from '../run-options.ts';

const optionsOf = (flags: Record<string, unknown>) =>
  resolveOptions(flags, null, { cwd: '/', env: {} }).options;

test('handlers are profiled where it is asked for', () => {
  expect(optionsOf({}).cpuProfiles).toBe(false);
  expect(optionsOf({ profile: true }).cpuProfiles).toBe(true);
});

test('a target whose environments are not here is refused, with what to do instead', () => {
  expect(() => optionsOf({ profile: true, target: 'aws' })).toThrow(
    /^--profile: environments of --target aws cannot be profiled\n.*--target local/,
  );
});

test('an executable is refused: it has no V8', () => {
  const own = {
    handler: [import.meta.filename],
    operations: import.meta.filename,
    runtime: 'provided.al2023',
  };
  expect(() => optionsOf({ ...own, profile: true })).toThrow(/^--profile: .*--runtime is provided/);
});
