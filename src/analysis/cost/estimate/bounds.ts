import type { Bounds } from '../../../model/cost-estimate.ts';

export const exactly = (value: number): Bounds => ({ low: value, high: value });
export const NOTHING = exactly(0);

export function plus(...all: readonly Bounds[]): Bounds {
  return {
    low: all.reduce((sum, { low }) => sum + low, 0),
    high: all.reduce((sum, { high }) => sum + high, 0),
  };
}

/** Of amounts that are not negative. */
export function times(a: Bounds, b: Bounds | number): Bounds {
  const other = typeof b === 'number' ? exactly(b) : b;
  return { low: a.low * other.low, high: a.high * other.high };
}
