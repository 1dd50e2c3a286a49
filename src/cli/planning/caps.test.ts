import { expect, test } from 'vitest';
import { estimateCost } from '../../analysis/cost/estimate/index.ts';
import { aPlan } from '../../analysis/cost/estimate/testing/a-plan.ts';
import { UsageError } from '../../base/errors.ts';
import type { Caps } from '../../config/settings/remote.ts';
import type { Plan } from '../../model/run.ts';
import { checkCaps } from './caps.ts';

const WIDE: Caps = { maxCostUsd: 1e6, maxRequests: 1e9, maxTimeS: 1e9 };
const estimated = (plan: Plan) =>
  estimateCost(plan, { region: 'us-east-1', architecture: 'arm64', keptS: null });

function checked(plan: Plan, caps: Partial<Caps>): () => void {
  return () => checkCaps(plan, estimated(plan), { ...WIDE, ...caps });
}

// Of 650 requests and 43 s of load a trial.
const PLAN = aPlan([{}, { memoryMb: 2048 }], { rounds: 10 });

test('a plan within its caps is fine, at the very bound, too', () => {
  const { usd, requests, loadS } = estimated(PLAN);
  checked(PLAN, {})();
  checked(PLAN, { maxCostUsd: usd.high, maxRequests: requests.high, maxTimeS: loadS.high })();
  expect(checked(PLAN, { maxCostUsd: usd.high - 1e-9 })).toThrow(UsageError);
});

test('each cap is refused with its flag, both numbers and what would fit', () => {
  expect(checked(PLAN, { maxRequests: 5000 })).toThrow(
    /^this run may send 13,004 requests, more than --max-requests allows \(5,000 requests\): 3 rounds fit, or raise --max-requests to 14000;/,
  );
  expect(checked(PLAN, { maxTimeS: 100 })).toThrow(
    /the load of this run may last 14 m 20 s, more than --max-time allows \(100 s\): 1 round fits, or raise --max-time to 15m;/,
  );
  expect(checked(PLAN, { maxTimeS: 20 })).toThrow(
    /one round of its 2 cells is 4\.3 times too much/,
  );
  expect(checked(aPlan([{}]), { maxTimeS: 20 })).toThrow(/its cell is 2\.1 times too much: take a/);
  expect(checked(PLAN, { maxCostUsd: 0.1 })).toThrow(
    /this run may cost \$0\.\d+, more than --max-cost allows \(\$0\.100\): \d rounds? fits?, or raise --max-cost to 0\.\d\d;/,
  );
});

test('what is said to fit fits, and what it is to be raised to is enough', () => {
  for (const [flag, key, value] of [
    ['--max-requests', 'maxRequests', 5000],
    ['--max-time', 'maxTimeS', 200],
    ['--max-cost', 'maxCostUsd', 0.12],
  ] as const) {
    let message = '';
    try {
      checked(PLAN, { [key]: value })();
    } catch (error) {
      message = (error as Error).message;
    }
    const rounds = Number(/(\d+) rounds? fits?/.exec(message)?.[1]);
    checked({ ...PLAN, rounds }, { [key]: value })();
    const [, raised = '', minutes] =
      new RegExp(`raise ${flag} to ([\\d.]+)(m?);`).exec(message) ?? [];
    checked(PLAN, { [key]: Number(raised) * (minutes === 'm' ? 60 : 1) })();
  }
});

test('what stands costs, whatever is asked of it', () => {
  const plan = aPlan([{ dataset: 'x100' }]);
  expect(checked(plan, { maxCostUsd: 0.1 })).toThrow(
    /\$0\.6\d\d of it come without any load: leave out a backend or a data set/,
  );
});
