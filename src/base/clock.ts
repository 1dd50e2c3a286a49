/** Microseconds since the epoch, monotonic within this process (one offset, taken at start). */
export function nowUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
