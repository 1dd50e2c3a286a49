const STEP_PERCENT = 5;

/**
 * Says `seeding 500,500 items: 45%` for each further step, given how many are written so far: every
 * line of it gets into a CI's log.
 */
export function seedingProgress(
  count: number,
  /** `items` */
  rows: string,
  progress: (text: string) => void,
): (written: number) => void {
  let next = 0;
  return (written) => {
    const percent = (100 * written) / count;
    if (percent < next) return;
    const reached = percent - (percent % STEP_PERCENT);
    next = reached + STEP_PERCENT;
    progress(`seeding ${count.toLocaleString('en-US')} ${rows}: ${reached}%`);
  };
}
