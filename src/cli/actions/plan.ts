import { sizeOf } from '../planning/confirm.ts';
import { describePlan } from '../planning/describe-plan.ts';
import { planned } from '../planning/planned.ts';
import { showPlan } from '../planning/show-plan.ts';

/** Runs nothing and writes nothing. */
export async function planCommand(raw: unknown): Promise<void> {
  const asked = await planned(raw);
  const document = describePlan(asked);
  const text = asked.json
    ? `${JSON.stringify(document, null, 2)}\n`
    : showPlan(document, sizeOf(asked.plan));
  process.stdout.write(text);
}
