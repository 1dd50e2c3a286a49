import { expect, test } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { frontSettings } from './local-front.ts';

test('the settings of a front, from its flags', () => {
  expect(frontSettings({}, 'invoke')).toEqual({});
  expect(frontSettings({ invokeMode: 'response-stream' }, 'function-url')).toEqual({
    invokeMode: 'response-stream',
  });
  expect(frontSettings({ stage: '$default', stageVariables: 'a=1, b_2=' }, 'http-api')).toEqual({
    stage: '$default',
    stageVariables: { a: '1', b_2: '' },
  });
  const flags = {
    stage: 'dev',
    resource: '/{proxy+}',
    binaryMediaTypes: 'image/*,*/*',
    minimumCompressionSize: '0',
    integrationTimeout: '50',
  };
  expect(frontSettings(flags, 'rest-api')).toEqual({
    stage: 'dev',
    resource: '/{proxy+}',
    binaryMediaTypes: ['image/*', '*/*'],
    minimumCompressionBytes: 0,
    integrationTimeoutMs: 50,
  });
});

test.each([
  [{ invokeMode: 'stream' }, 'function-url', '--invoke-mode: "stream" is unknown'],
  [{ invokeMode: 'buffered' }, 'rest-api', '--invoke-mode: rest-api has no such setting'],
  [{ stage: 'dev' }, 'function-url', 'take --front rest-api or http-api'],
  [{ stage: '$default' }, 'rest-api', '--stage: "$default" is no name'],
  [{ stageVariables: 'a' }, 'rest-api', '--stage-variables: "a" is no stage variable'],
  [{ binaryMediaTypes: 'image' }, 'rest-api', '--binary-media-types: "image" is no media type'],
  [{ integrationTimeout: '30000' }, 'rest-api', '--integration-timeout: "30000"'],
  [{ minimumCompressionSize: '-1' }, 'rest-api', '--minimum-compression-size: "-1"'],
] as const)('%j of %s is a usage error: %s', (flags, front, message) => {
  expect(() => frontSettings(flags, front)).toThrow(UsageError);
  expect(() => frontSettings(flags, front)).toThrow(message);
});
