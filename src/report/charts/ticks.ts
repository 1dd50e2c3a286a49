/**
 * Ticks of a logarithmic axis, even to the eye: 1-2-5 while they are few, then 1-3, then powers of
 * ten. Vega's own leave gaps where labels would touch.
 */
export function logTicks(min: number, max: number, most: number): number[] {
  let ticks: number[] = [];
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    ticks = [];
    for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; power += 1) {
      for (const step of steps) {
        const tick = Number((step * 10 ** power).toPrecision(1));
        if (tick >= min && tick <= max) ticks.push(tick);
      }
    }
    if (ticks.length <= most) break;
  }
  return ticks;
}

/** Ticks of a linear axis from 0, in steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(max: number, most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(max / most));
  const step = [1, 2, 5, 10].map((times) => times * power).find((s) => max / s <= most) ?? max;
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) =>
    Number((i * step).toPrecision(6)),
  );
}
