import { expect, test } from 'vitest';
import { ToolError, UsageError } from '../base/errors.ts';
import { diskError } from './disk-error.ts';
import { prepareNode } from './functions/code.ts';

test('a full disk is the user’s to mend, and the message says how', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const error = diskError('write telemetry to /t', full);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toBe(
    'cannot write telemetry to /t: ENOSPC: no space left on device; free some disk space or set TMPDIR to a larger disk',
  );
});

test('what cannot be written of the runtime is named', () => {
  expect(() => prepareNode('/nowhere', undefined)).toThrow(ToolError);
  expect(() => prepareNode('/nowhere', undefined)).toThrow(
    /^cannot write the runtime of environments to \/nowhere\/bootstrap: ENOENT/,
  );
});
