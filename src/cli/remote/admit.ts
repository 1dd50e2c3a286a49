import { type EstimateContext, estimateCost } from '../../analysis/cost/estimate/index.ts';
import { formatDurationS } from '../../base/duration.ts';
import { dollars } from '../../base/numbers.ts';
import type { CostEstimate } from '../../model/cost-estimate.ts';
import type { Plan } from '../../model/run.ts';
import type { PreflightFacts } from '../../targets/aws/preflight/preflight.ts';
import { checkCaps } from '../planning/caps.ts';
import { confirm, sizeOf } from '../planning/confirm.ts';
import type { Planned } from '../planning/planned.ts';
import type { Terminal } from '../terminal/ask.ts';
import { awsAccess } from './aws-access.ts';
import { costContext } from './cost-context.ts';

/** A run on a target that is not this machine, with everything known that can be before it begins. */
export interface Admitted {
  estimate: CostEstimate;
  context: EstimateContext;
  /** Of the target `aws`. */
  account: PreflightFacts | null;
}

/**
 * Holds a plan against its caps and, on AWS, against the account; says whose account it is, what will
 * happen and what it costs; and asks. null for the local target. Throws UsageError where the answer is
 * no, from a cap, a quota or a user; nothing was made then. `said`: what is begun, for the question.
 */
export async function admit(
  { options, places, warnings, yes }: Planned,
  plan: Plan,
  terminal: Terminal,
  said: (plan: Plan, estimate: CostEstimate) => string = sizeAndCost,
): Promise<Admitted | null> {
  const { remote } = options;
  const context = costContext(options, places);
  if (remote === null || context === null) return null;
  const estimate = estimateCost(plan, context);
  checkCaps(plan, estimate, remote);
  const account = options.target === 'aws' ? await accountOf(plan, estimate.runS.high) : null;
  if (account !== null) {
    process.stderr.write(`account ${account.account} in ${account.region}, as ${account.arn}\n`);
    for (const { message } of account.warnings) process.stderr.write(`note: ${message}\n`);
  }
  for (const { endpoint } of places ?? []) {
    process.stderr.write(
      `${endpoint.name}: ${endpoint.url ?? `Invoke of ${endpoint.functionName}`}\n`,
    );
  }
  for (const { message } of warnings) process.stderr.write(`note: ${message}\n`);
  if (!yes) await confirm(said(plan, estimate), ADVICE, terminal);
  return { estimate, context, account };
}

const ADVICE =
  'it is not begun without an answer: go on with --yes ("bench plan" shows what it does and costs)';

/** `24 trials, about 6 m of load, up to 12,000 requests, 15 m in all and $0.12 to $0.31` */
function sizeAndCost(plan: Plan, { usd, requests, runS }: CostEstimate): string {
  const about = `${Math.ceil(requests.high).toLocaleString('en')} requests, ${formatDurationS(runS.high)} in all`;
  return `${sizeOf(plan)} of load, up to ${about} and $${dollars(usd.low)} to $${dollars(usd.high)}`;
}

async function accountOf(plan: Plan, expectedS: number): Promise<PreflightFacts> {
  const { preflight } = await import('../../targets/aws/preflight/preflight.ts');
  // Nothing is made by it: Ctrl-C ends the process.
  const { signal } = new AbortController();
  return await preflight(awsAccess(plan.region), plan, { signal, expectedS });
}
