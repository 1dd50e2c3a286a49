import type { CellCost, CostItem, PricesUsed } from '../../model/cost.ts';
import type { Figure } from '../../model/figure.ts';
import type { Cell } from '../../model/run.ts';
import { memoryOf } from '../../model/testing/an-endpoint.ts';

/** A made-up bill of a cell whose calls take `billedMs`, with the items its stack would have. */
export function sampleCost({ endpoint }: Cell, trials: number, billedMs: number): CellCost {
  const gbS = (memoryOf({ endpoint }) / 1024) * (billedMs / 1000);
  const gateways: Record<string, number> = { 'rest-api': 3.5, 'http-api': 1 };
  const gateway = gateways[endpoint.front];
  const items: [CostItem, number, string][] = [
    ['requests', 0.2, '1 request × $0.20 per million'],
    ['compute', gbS * 16.6667, `${gbS.toPrecision(3)} GB-s a request × $0.0000166667`],
    ['init', gbS * 0.9, '0.013 cold starts a request, their init billed'],
  ];
  if (gateway !== undefined) {
    items.push(['gateway', gateway, `1 request × $${gateway.toFixed(2)} per million`]);
  }
  if (endpoint.backend === 'dynamo') {
    items.push(['database', 0.29, '2.3 read units a request × $0.125 per million']);
  }
  items.push(
    ['xray', 5, '1 trace × $5.00 per million, all sampled'],
    ['logs', 0.36, '0.72 kB of log lines a request × $0.50 a GB'],
    ['transfer', 0.13, '1.4 kB of answers a request × $0.09 a GB'],
  );
  return {
    total: usd(
      items.reduce((sum, [, value]) => sum + value, 0),
      trials,
      0.021,
    ),
    items: items.map(([item, value, basis]) => ({
      item,
      usd: usd(value, trials, item === 'compute' || item === 'init' ? 0.03 : 0),
      basis,
    })),
    lacking:
      endpoint.backend === 'dynamo'
        ? []
        : [
            `${endpoint.backend} is a server that is paid by the hour: its price is not in the total.`,
          ],
  };
}

export function samplePrices(): PricesUsed {
  return {
    region: 'us-east-1',
    asOf: '2026-11-20',
    sources: ['https://aws.amazon.com/lambda/pricing/', 'https://aws.amazon.com/xray/pricing/'],
    assumptions: [
      'List prices, x86, without free tiers or savings plans.',
      'Every request is traced; a lower sampling rate lowers the X-Ray item in proportion.',
      'The share of cold starts is that of the load that was run.',
    ],
  };
}

function usd(value: number, trials: number, half: number): Figure {
  const known = trials > 1 && half > 0;
  return {
    value,
    unit: 'usd',
    low: known ? value * (1 - half) : null,
    high: known ? value * (1 + half) : null,
    interval: known ? 'trials_t' : 'none',
    n: 1000 * trials,
    trials,
    ...(known
      ? {}
      : { note: half === 0 ? 'the same for every request' : 'one trial gives no interval' }),
  };
}
