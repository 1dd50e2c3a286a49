import { expect, test } from 'vitest';
import { ToolError } from '../../base/errors.ts';
import { deployedFunctions } from './outputs.ts';

// What a real stack tells is read in test/stacks.test.ts.
const output = (OutputKey: string, value: object) => ({
  OutputKey,
  OutputValue: JSON.stringify(value),
});
const FUNCTION = {
  key: 'dynamo-1024-apollo-x1',
  name: 'bench-r-0-dynamo',
  qualifier: null,
  memoryMb: 1024,
  timeoutS: 30,
  codeSha256: 'ab',
  region: 'cn-north-1',
  domain: 'amazonaws.com.cn',
  httpApi: { id: 'a1', stage: '$default' },
};

test('only fronts it was deployed with are told, at the domain of its partition', () => {
  const [of] = deployedFunctions([output('Function0Output', FUNCTION)]);
  expect(of?.fronts).toEqual({
    'http-api': {
      url: 'https://a1.execute-api.cn-north-1.amazonaws.com.cn/dynamo-1024-apollo-x1/graphql',
      dimensions: { ApiId: 'a1', Stage: '$default' },
    },
  });
});

test('outputs that are none of functions are passed over', () => {
  expect(deployedFunctions([output('Other', {}), {}])).toEqual([]);
});

test('an output of another version is refused by its name and what is wrong with it', () => {
  const { memoryMb: _, ...without } = FUNCTION;
  const read = () => deployedFunctions([output('Function3Output', without)]);
  expect(read).toThrow(ToolError);
  expect(read).toThrow(/output Function3Output cannot be read \(memoryMb\)/);
  expect(() => deployedFunctions([{ OutputKey: 'Function0Output', OutputValue: '{' }])).toThrow(
    /Function0Output cannot be read/,
  );
});
