import { formatMs } from '../../base/numbers.ts';
import { capital, inSentence } from '../../base/words.ts';
import type { Advice, MemoryScaling, ScaledQuantity } from '../../model/memory-scaling.ts';
import { isShown, ratioWords } from '../compare/ratio-words.ts';
import { LEAST_ROUNDS } from '../figures/figure.ts';
import { withInterval } from '../figures/words.ts';
import type { Group, Size } from './group.ts';
import { sizesWords } from './words.ts';

/** How much memory, and why, in one sentence; what was left out is said. `reason` is the why alone. */
export function groupFinding(
  group: Group,
  quantities: readonly ScaledQuantity[],
  advice: readonly Advice[],
): Pick<MemoryScaling, 'finding' | 'reason'> {
  const left = group.leftOutMb;
  const leftOut =
    left.length === 0
      ? ''
      : `; ${sizesWords(left)} ${left.length === 1 ? 'is' : 'are'} void or without figures and left out`;
  if (group.sizes.length < 2) {
    return unsaid(`fewer than two sizes have figures that may be used${leftOut}`);
  }
  if (!group.quota) {
    return unsaid(`this machine gave every size all of its CPU${leftOut}`);
  }
  const reason = whyOf(group, quantities);
  return {
    finding: `${capital(pickWords(group, advice))}: ${reason}${leftOut}.`,
    reason: `${capital(reason)}${leftOut}.`,
  };
}

const unsaid = (why: string) => ({
  finding: `How much memory cannot be said: ${why}.`,
  reason: `${capital(why)}.`,
});

/** The objective's size where one was said, else the balanced one. */
function pickWords(group: Group, advice: readonly Advice[]): string {
  const of = (goal: Advice['goal']) => advice.find((one) => one.goal === goal);
  const slo = of('slo');
  if (slo !== undefined && slo.memoryMb !== null) {
    // Without costs the smallest stands in for the cheapest (slo.ts).
    const priced = group.sizes.every(({ cell }) => cell.cost.total.value !== null);
    const which = `${slo.memoryMb} MB is the ${priced ? 'cheapest' : 'smallest'}`;
    return slo.sureness === 'shown'
      ? `${which} shown to meet the objective`
      : `${which} that meets the objective by its value, which is not shown`;
  }
  const unmet = slo?.sureness === 'shown' ? 'no size meets the objective, and ' : '';
  const balanced = of('balanced');
  if (balanced === undefined || balanced.memoryMb === null) {
    // Without a cost (forced cold starts) there is latency alone.
    const fastest = of('fastest');
    const known = fastest?.sureness === 'shown' && fastest.memoryMb !== null;
    return known ? `${fastest.memoryMb} MB is the fastest` : `${unmet}no size can be advised`;
  }
  const product = `latency × cost`;
  const { memoryMb, sureness, ties, rounds } = balanced;
  if (sureness === 'shown') return `${unmet}${memoryMb} MB has the least ${product}`;
  if (rounds < LEAST_ROUNDS) {
    return `${unmet}${memoryMb} MB has the least ${product} in too few rounds to tell chance from difference`;
  }
  const cheapest = of('cheapest');
  const least =
    cheapest?.sureness === 'shown' ? `${cheapest.memoryMb} MB is the cheapest, and ` : '';
  const among = sizesWords([...ties, memoryMb].sort((a, b) => a - b));
  return ties.length + 1 === group.sizes.length
    ? `${unmet}${least}no size is shown to have the least ${product}`
    : `${unmet}${least}${among} have the least ${product} and cannot be told apart`;
}

function whyOf(group: Group, quantities: readonly ScaledQuantity[]): string {
  const { sizes, latency } = group;
  const of = (name: ScaledQuantity['quantity']) =>
    quantities.find(({ quantity }) => quantity === name);
  const call = of('p50');
  const tail = of(latency.name === 'p99' ? 'p99' : 'p50');
  const reason = call === undefined ? 'p50 was not measured' : callWords(call, group);
  const faster = (['init', 'first_call', 'connection'] as const)
    .flatMap((name) => of(name) ?? [])
    .filter(isFaster);
  const answers = [call, tail].filter((one) => one !== undefined);
  if (call?.kind !== 'staircase' || answers.some(isFaster)) {
    const gains = [...new Set(answers)].map(
      ({ quantity, ratio }) => `${quantity} ${ratioWords(ratio)}`,
    );
    return `${reason}; ${sizes.at(-1)?.memoryMb} MB against ${sizes[0]?.memoryMb} MB: ${gains.join(', ')}`;
  }
  const between = `faster at ${sizes.at(-1)?.memoryMb} MB than at ${sizes[0]?.memoryMb} MB`;
  if (faster.length === 0) return `${reason}; nothing is shown to be ${between}`;
  return `${reason}; more memory makes ${faster.map(gainWords).join(' and ')}; nothing else is shown to be ${between}`;
}

const isFaster = ({ ratio }: ScaledQuantity) => isShown(ratio) && (ratio.value as number) < 1;

const GAINS = { init: 'init', first_call: 'first calls', connection: 'set-up of connections' };

function gainWords({ quantity, ratio }: ScaledQuantity): string {
  return `${GAINS[quantity as keyof typeof GAINS]} ${ratioWords(ratio)}`;
}

function callWords({ kind, fit, finding }: ScaledQuantity, { sizes, forcedCold }: Group): string {
  const { cpu, cpuMeasured } = sizes.at(-1) as Size;
  const measured = cpuMeasured && !forcedCold;
  const exceeds = sizes.every(({ cpu: own, quotaMs }) => (own.value ?? 0) > quotaMs);
  const costs = measured && (kind === 'fit' || exceeds) ? cpu : (fit?.bMs ?? null);
  if (costs !== null) {
    const whose = forcedCold ? 'a first call' : 'one call';
    return `${whose} costs ${withInterval(costs)} of CPU, more than the quota of a period`;
  }
  const from = sizes.find(({ cpu: own, quotaMs }) => (own.value ?? Infinity) <= quotaMs);
  if (kind !== 'staircase' || cpu.value === null || from === undefined || forcedCold) {
    return inSentence(finding.split(/(?<=[.]) /)[0]?.replace(/[.]$/, '') ?? finding);
  }
  const most = cpuMeasured ? '' : 'at most ';
  const fits = (from.cpu.high ?? 0) <= from.quotaMs ? 'fits' : 'by its mean alone fits';
  return `one call costs ${most}${formatMs(cpu.value)} of CPU, which ${fits} in the quota of a single period from ${from.memoryMb} MB up`;
}
