import { formatDurationS } from '../../base/duration.ts';
import { dollars } from '../../base/numbers.ts';
import type { Caps } from '../../config/settings/remote.ts';
import type { Bounds, CostEstimate, PlannedResource } from '../../model/cost-estimate.ts';

const usd = ({ low, high }: Bounds) =>
  cents(low) === cents(high) ? cents(high) : `${cents(low)} to ${cents(high)}`;
/** What is below a tenth of a cent is nothing to anyone. */
const cents = (value: number) => (value < 0.001 && value > 0 ? '<$0.001' : `$${dollars(value)}`);
const number = (value: number) => Math.ceil(value).toLocaleString('en');

/** What a run will cost, item by item, for people; a text of several lines without the last's end. */
export function costLines(estimate: CostEstimate, caps: Caps): string {
  const width = Math.max(...estimate.items.map(({ item }) => item.length));
  const amounts = estimate.items.map((item) => usd(item.usd));
  const amountWidth = Math.max(...amounts.map(({ length }) => length));
  const rows = estimate.items.map(
    ({ item, basis }, i) =>
      `  ${item.padEnd(width)}  ${(amounts[i] ?? '').padStart(amountWidth)}  ${basis}`,
  );
  const { requests, loadS, runS, standingUsdPerHour, region, asOf } = estimate;
  const standing =
    standingUsdPerHour.high < 0.001
      ? []
      : [`  while it stands, used or not: ${usd(standingUsdPerHour)} an hour`];
  return [
    `cost: ${usd(estimate.usd)} at list prices of ${region} (${asOf}); --max-cost allows $${dollars(caps.maxCostUsd)}`,
    ...rows,
    ...standing,
    `requests: ${span(requests, number)}; --max-requests allows ${number(caps.maxRequests)}`,
    `time: ${span(loadS, formatDurationS)} of load, ${span(runS, formatDurationS)} in all; --max-time allows ${formatDurationS(caps.maxTimeS)}`,
    ...estimate.assumptions.map((text) => `assumed: ${text}`),
    ...estimate.lacking.map((text) => `note: ${text}`),
  ].join('\n');
}

function span({ low, high }: Bounds, show: (value: number) => string): string {
  return show(low) === show(high) ? show(high) : `${show(low)} to ${show(high)}`;
}

/** What is deployed, by type. */
export function resourceLines(resources: readonly PlannedResource[]): string {
  const total = resources.reduce((sum, { count }) => sum + count, 0);
  const width = Math.max(0, ...resources.map(({ count }) => String(count).length));
  const rows = resources.map(({ type, count }) => `  ${String(count).padStart(width)}  ${type}`);
  return [`${total} resources on AWS`, ...rows].join('\n');
}

/** `bench plan --json` of a target that costs. */
export interface CostFields {
  cost: CostEstimate;
  /** null: nothing is deployed. */
  resources: PlannedResource[] | null;
  caps: Caps;
}
