import { quickselect } from 'simple-statistics';
import { seededRandom } from '../../base/random.ts';
import { quantileRank } from '../../stats/quantile.ts';
import { normals } from '../../stats/testing/normal.ts';

/**
 * Trials as they are on a machine that drifts. A request's latency is lognormal and like its
 * neighbour's: a stationary AR(1) process of standard normals, times `sigma`. All of a trial is shifted,
 * privately and by what its round shares; the initialisations before its load are shifted with it.
 */
export interface TrialModel {
  requests: number;
  /** Standard deviation of the logarithm of a latency. */
  sigma: number;
  /** Correlation of the logarithms of two requests in succession. */
  correlation: number;
  /** Standard deviation of the logarithm of what both trials of a round share. */
  drift: number;
  /** Of the shift of a single trial. */
  shift: number;
  initialisations: number;
  /** Of a single initialisation. */
  initSigma: number;
}

export const HARSH: TrialModel = {
  requests: 400,
  sigma: 0.5,
  correlation: 0.9,
  drift: 0.1,
  shift: 0.03,
  initialisations: 5,
  initSigma: 0.04,
};

/** Logarithms of a trial's figures; the medians of what they are drawn from are 0. */
export interface SimulatedTrial {
  p50: number;
  init: number;
  /** Of the arithmetic mean of the latencies. */
  mean: number;
}

/** Base and head; a change of head by a factor adds its logarithm to what is drawn. */
export type SimulatedRound = readonly [base: SimulatedTrial, head: SimulatedTrial];

/** Draws rounds in which both sides are the same. */
export function simulatedRounds(model: TrialModel, seed: number): () => SimulatedRound {
  const normal = normals(seededRandom(seed));
  const innovation = Math.sqrt(1 - model.correlation ** 2);
  const logs = new Array<number>(model.requests).fill(0);
  const initLogs = new Array<number>(model.initialisations).fill(0);

  function trial(shared: number): SimulatedTrial {
    const shift = shared + model.shift * normal();
    let state = normal();
    let sum = 0;
    for (let i = 0; i < model.requests; i += 1) {
      const log = model.sigma * state;
      logs[i] = log;
      sum += Math.exp(log);
      state = model.correlation * state + innovation * normal();
    }
    for (let i = 0; i < model.initialisations; i += 1) initLogs[i] = model.initSigma * normal();
    return {
      p50: shift + medianOf(logs),
      init: shift + medianOf(initLogs),
      mean: shift + Math.log(sum / model.requests),
    };
  }

  return () => {
    const shared = model.drift * normal();
    return [trial(shared), trial(shared)];
  };
}

/** Reorders. */
function medianOf(values: number[]): number {
  const place = quantileRank(values.length, 0.5) - 1;
  quickselect(values, place);
  return values[place] as number;
}
