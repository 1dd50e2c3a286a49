import { expect, test } from 'vitest';
import { parseFilterPattern } from './filter-pattern.ts';
import { parseFunctionName } from './function-name.ts';

test.each([
  ['', 'anything', true],
  ['REPORT', 'REPORT RequestId: x', true],
  ['report', 'REPORT RequestId: x', false],
  ['REPORT Duration', 'Duration REPORT', true],
  ['"REPORT RequestId"', 'RequestId REPORT', false],
  ['"a \\"b\\""', 'say a "b"', true],
  ['?A ?B', 'B', true],
  ['?A ?B', 'C', false],
  ['A -B', 'A B', false],
  ['A -"B C"', 'A B', true],
  ['A ?B', 'A', true],
])('%s on %j: %s', (pattern, message, matches) => {
  expect(parseFilterPattern(pattern)?.(message)).toBe(matches);
});

test.each(['{ $.type = "x" }', '[a, b]', '%x%', 'un"closed'])('no plain pattern: %s', (pattern) => {
  expect(parseFilterPattern(pattern)).toBeNull();
});

test.each([
  ['f', 'f', null],
  ['f:live', 'f', 'live'],
  ['f%3A%24LATEST', 'f', '$LATEST'],
  ['000000000000:function:f', 'f', null],
  ['arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af%3A7', 'f', '7'],
  ['arn:aws:lambda:us-east-1:000000000000:function:f', 'f', null],
])('the function %s', (encoded, name, qualifier) => {
  expect(parseFunctionName(encoded)).toEqual({ name, qualifier });
});

test.each(['', 'a b', '%', 'arn:aws:s3:::x', 'f:', '../x'])('no function: %j', (encoded) => {
  expect(parseFunctionName(encoded)).toBeNull();
});
