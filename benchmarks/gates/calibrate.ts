const HANDLERS = '../../fixtures/handlers/gate/burning.mjs';
const TRIAL_ROUNDS = 1_000_000;
const WARMING = 50;
const TRIALS = 200;

/**
 * Rounds of fixtures/handlers/gate that this machine computes in 1 ms when nothing holds it back: by the
 * fastest twentieth of 200 trials of about 1 ms, which no other process interrupted.
 */
export async function roundsPerMs(): Promise<number> {
  // The handlers' own code, which is not typed and asks for the number it is to find.
  process.env.ROUNDS_PER_MS = '1';
  const { compute } = (await import(HANDLERS)) as { compute(rounds: number): void };
  for (let i = 0; i < WARMING; i += 1) compute(TRIAL_ROUNDS);
  const took = Float64Array.from({ length: TRIALS }, () => {
    const from = performance.now();
    compute(TRIAL_ROUNDS);
    return performance.now() - from;
  }).sort();
  return Math.round(TRIAL_ROUNDS / (took[TRIALS / 20] as number));
}
