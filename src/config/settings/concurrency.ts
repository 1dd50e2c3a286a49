import { UsageError } from '../../base/errors.ts';
import type { Chosen } from './choose.ts';
import { scenarioOf } from './load-profile.ts';
import { parsedList } from './parsed.ts';
import { provisioned, reservedOrNone } from './values.ts';

interface Concurrency {
  provisionedConcurrency: number[];
  /** null: no limit. */
  reservedConcurrency: (number | null)[];
}

/** What of the two does not go together in one function is refused, as Lambda would. */
export function concurrency(chosen: Chosen): Concurrency {
  const provisionedConcurrency = parsedList(chosen, 'provisionedConcurrency', provisioned);
  const reservedConcurrency = parsedList(chosen, 'reservedConcurrency', reservedOrNone);
  const most = Math.max(...provisionedConcurrency);
  const least = reservedConcurrency.find((limit) => limit !== null && limit < most);
  if (least !== undefined) {
    throw new UsageError(
      `${chosen.named('reservedConcurrency')}: ${least} is less than the ${most} of ${chosen.named('provisionedConcurrency')}: a function cannot have more environments ready than it may use`,
    );
  }
  if (most > 0 && scenarioOf(chosen) === 'cold') {
    throw new UsageError(
      `${chosen.named('provisionedConcurrency')} means nothing to ${chosen.named('scenario')} cold: environments that are ready before a request are not cold; measure them with --scenario ramp --warm-up 0s --ramp 0s`,
    );
  }
  return { provisionedConcurrency, reservedConcurrency };
}
