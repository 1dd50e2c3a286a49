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

/** The unit that a time is shown in; `show` gives another time, such as a bound, in the same unit. */
export function unitOfMs(ms: number): { unit: 's' | 'ms' | 'µs'; show(ms: number): string } {
  const size = Math.abs(ms);
  if (size >= 1000) return { unit: 's', show: (other) => threeDigits(other / 1000) };
  if (size >= 0.1 || !(size > 0)) return { unit: 'ms', show: threeDigits };
  return { unit: 'µs', show: (other) => wholeFromOne(other * 1000) };
}

/** Clocks tick in microseconds: 7.00 µs would claim more than was measured. */
function wholeFromOne(us: number): string {
  return Math.abs(us) >= 1 ? String(Math.round(us)) : threeDigits(us);
}

/** Milliseconds with their unit: `59 µs`, `0.842 ms`, `41.3 ms`, `1.24 s`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  const { unit, show } = unitOfMs(ms);
  return `${show(ms)} ${unit}`;
}

/** A share between 0 and 1 as a percentage: `0%`, `2.1%`, `71.0%`. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  return share === 0 ? '0%' : `${threeDigits(share * 100)}%`;
}

/** `1.25 MB` of 10^6 bytes, `12.1 kB`, `812 B`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '–';
  if (bytes >= 1e6) return `${threeDigits(bytes / 1e6)} MB`;
  return bytes >= 1e3 ? `${threeDigits(bytes / 1e3)} kB` : `${bytes} B`;
}

/** Whole cents, three digits of what is less than a dollar; without the sign: `12.35`, `0.842`. */
export function dollars(usd: number): string {
  return Math.abs(usd) >= 1 || usd === 0 ? usd.toFixed(2) : threeDigits(usd);
}

/** A p-value: `0.012`, `<0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}
