import { expect, test } from 'vitest';
import { ToolError } from '../../base/errors.ts';
import { datasetTables, deployedFunctions } from './outputs.ts';

// What a real stack tells is read in test/stacks.test.ts.
const output = (OutputKey: string, value: object) => ({
  OutputKey,
  OutputValue: JSON.stringify(value),
});
const OF_INVOKE = {
  key: 'dynamo-1024-apollo-x1',
  name: 'bench-r-0-dynamo',
  qualifier: null,
  memoryMb: 1024,
  timeoutS: 30,
  codeSha256: 'ab',
  region: 'cn-north-1',
  domain: 'amazonaws.com.cn',
  invoke: true,
};

test('only fronts it was deployed with are told, at the domain of its partition', () => {
  const [of] = deployedFunctions([output('Function0Output', OF_INVOKE)]);
  expect(of?.fronts).toEqual({
    invoke: {
      url: 'https://lambda.cn-north-1.amazonaws.com.cn/2015-03-31/functions/bench-r-0-dynamo/invocations',
      dimensions: null,
    },
  });
});

test('outputs that are none of functions are passed over', () => {
  expect(deployedFunctions([output('Tables0Output', {}), output('Other', {}), {}])).toEqual([]);
  expect(datasetTables([output('Function0Output', {})])).toEqual([]);
});

test('an output of another version is refused by its name and what is wrong with it', () => {
  const { memoryMb: _, ...without } = OF_INVOKE;
  const read = () => deployedFunctions([output('Function3Output', without)]);
  expect(read).toThrow(ToolError);
  expect(read).toThrow(/output Function3Output cannot be read \(memoryMb\)/);
  expect(() => datasetTables([{ OutputKey: 'Tables0Output', OutputValue: '{' }])).toThrow(
    /Tables0Output cannot be read/,
  );
});
