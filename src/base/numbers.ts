/** Three significant digits, without exponent or trailing zeros beyond them: `0.842`, `41.3`, `1240`. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  // Of the rounded value: 9.996 is 10.0, not 10.00.
  const rounded = Number(value.toPrecision(3));
  const magnitude = Math.floor(Math.log10(Math.abs(rounded)));
  if (magnitude >= 2) return String(Math.round(value));
  return rounded.toFixed(Math.min(6, 2 - magnitude));
}

/** Milliseconds with their unit: `0.84 ms`, `41.3 ms`, `1.24 s`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  return Math.abs(ms) >= 1000 ? `${threeDigits(ms / 1000)} s` : `${threeDigits(ms)} ms`;
}

/** A share between 0 and 1 as a percentage: `0%`, `2.1%`, `71.0%`. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  return share === 0 ? '0%' : `${threeDigits(share * 100)}%`;
}
