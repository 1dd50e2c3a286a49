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
