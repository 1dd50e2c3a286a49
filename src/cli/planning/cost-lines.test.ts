import { expect, test } from 'vitest';
import { estimateCost } from '../../analysis/cost/estimate/index.ts';
import { aPlan } from '../../analysis/cost/estimate/testing/a-plan.ts';
import { costLines, resourceLines } from './cost-lines.ts';

const CAPS = { maxCostUsd: 5, maxRequests: 1e6, maxTimeS: 14_400 };

test('the cost with its items, the caps, and what it rests on', () => {
  const plan = aPlan([{}, { backend: 'postgres' }], { rounds: 3 });
  const estimate = estimateCost(plan, { region: 'us-east-1', architecture: 'arm64', keptS: null });
  const text = costLines(estimate, CAPS);
  const lines = text.split('\n');
  expect(lines[0]).toMatch(
    /^cost: \$0\.\d+ to \$0\.\d+ at list prices of us-east-1 \(\d{4}-\d\d-\d\d\); --max-cost allows \$5\.00$/,
  );
  expect(text).toMatch(/^ {2}gateway {5} +\$0\.00390 {2}3,902 to 3,904 requests to a http-api ×/m);
  expect(text).toMatch(/while it stands, used or not: \$0\.0694 an hour$/m);
  expect(text).toContain('--max-requests allows 1,000,000');
  expect(text).toContain('time: 4 m 18 s of load');
  // A thousandth of a cent is nothing to anyone.
  expect(text).toMatch(/deployment +<\$0\.001/);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(lines.every((line) => line === line.trimEnd())).toBe(true);
});

test('resources by type and number', () => {
  expect(
    resourceLines([
      { type: 'AWS::IAM::Role', count: 5 },
      { type: 'AWS::Lambda::Function', count: 12 },
    ]),
  ).toBe('17 resources on AWS\n   5  AWS::IAM::Role\n  12  AWS::Lambda::Function');
});
