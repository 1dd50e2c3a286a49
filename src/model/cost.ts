import { z } from 'zod';
import { figureSchema } from './figure.ts';

export const COST_ITEMS = [
  'requests',
  'compute',
  'init',
  'provisioned',
  'gateway',
  'database',
  'xray',
  'logs',
  'transfer',
] as const;
export type CostItem = (typeof COST_ITEMS)[number];

/** What a cell's whole stack costs per million requests, in US dollars, at list prices without free tiers. */
export const cellCostSchema = z.object({
  /** The sum of the items that are known. */
  total: figureSchema,
  /** In the order of COST_ITEMS; an item that does not exist in this stack is left out. */
  items: z.array(
    z.object({
      item: z.enum(COST_ITEMS),
      usd: figureSchema,
      /** How it was computed: `0.0213 GB-s a request × $0.0000166667`. */
      basis: z.string(),
    }),
  ),
  /** What is not in the total and why, as sentences. */
  lacking: z.array(z.string()),
});
export type CellCost = z.infer<typeof cellCostSchema>;

/** The prices the run's costs rest on. */
export const pricesUsedSchema = z.object({
  region: z.string(),
  /** The day the prices were read. */
  asOf: z.string(),
  sources: z.array(z.string()),
  assumptions: z.array(z.string()),
});
export type PricesUsed = z.infer<typeof pricesUsedSchema>;
