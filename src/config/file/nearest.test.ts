import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const KNOWN = ['memory', 'dataLayer', 'rate', 'ramp', 'users'];

test.each([
  ['memry', 'memory'],
  ['Memory', 'memory'],
  ['datalayer', 'dataLayer'],
  ['rat', 'rate'],
  ['user', 'users'],
  ['speed', null],
  ['x', null],
  ['', null],
])('%j is meant to be %j', (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});
