import { expect, test } from 'vitest';
import { toldOf } from './told-of.ts';

test('what the toolkit wraps is told with what wraps it, on one line', () => {
  const denied = Object.assign(new Error('not authorized\n  to perform s3:PutObject'), {
    name: 'AccessDenied',
  });
  const wrapped = new Error('❌  Failed to publish asset', {
    cause: new AggregateError([denied]),
  });
  expect(toldOf(wrapped)).toEqual({
    name: 'AccessDenied',
    message: 'Failed to publish asset: not authorized to perform s3:PutObject',
  });
  expect(toldOf(denied)).toEqual({
    name: 'AccessDenied',
    message: 'not authorized to perform s3:PutObject',
  });
});
