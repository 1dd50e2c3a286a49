/** How many points the curves and time lines of a trial have. */
export interface Detail {
  curvePoints: number;
  timelineBins: number;
}

const MOST_CURVE_POINTS = 200;
const MOST_BINS = 300;
/** Of all trials of a run together: about 1 MB of the report, compressed. */
const CURVE_POINTS_OF_RUN = 12_000;
const BINS_OF_RUN = 24_000;

/**
 * Nobody can tell 200 points from 40 on a chart that shows 300 trials, and the report must stay a file
 * one can send: a run of up to 60 trials (time lines: 80) has all points, a larger one fewer a trial.
 */
export function detailOf(trials: number): Detail {
  const share = (most: number, ofRun: number, least: number) =>
    Math.max(least, Math.min(most, Math.floor(ofRun / Math.max(1, trials))));
  return {
    curvePoints: share(MOST_CURVE_POINTS, CURVE_POINTS_OF_RUN, 20),
    timelineBins: share(MOST_BINS, BINS_OF_RUN, 20),
  };
}
