import { z } from 'zod';
import { FAILURE_METRIC, REQUEST_METRIC } from '../../model/k6-samples.ts';
import type { EngineProgress } from '../../model/ports.ts';

const INTERVAL_MS = 1000;
const ANSWER_TIMEOUT_MS = 2000;
/**
 * For p95 k6 sorts all it has measured, on the cores that drive the load. So it is asked no more
 * often than leaves it this much more time than the answer took.
 */
const REST_PER_ANSWER = 20;

const metricSchema = z.object({
  data: z.object({ attributes: z.object({ sample: z.record(z.string(), z.number()) }) }),
});
const statusSchema = z.object({
  data: z.object({ attributes: z.object({ vus: z.number().nullish() }) }),
});

/** Asks k6's REST API about once a second until `stop` is called. What cannot be asked is left out. */
export function watchProgress(
  api: string,
  report: (progress: EngineProgress) => void,
): { stop(): void } {
  const stopped = new AbortController();
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let before = { atS: 0, requests: 0 };

  async function ask(): Promise<void> {
    const asked = performance.now();
    try {
      const [status, iterations, requests, latency, failures, dropped] = await Promise.all([
        get(`${api}/v1/status`, stopped.signal),
        metric(api, 'iterations', stopped.signal),
        metric(api, 'http_reqs', stopped.signal),
        metric(api, REQUEST_METRIC, stopped.signal),
        metric(api, FAILURE_METRIC, stopped.signal),
        metric(api, 'dropped_iterations', stopped.signal),
      ]);
      const now = { atS: (asked - started) / 1000, requests: requests.count ?? 0 };
      const gapS = Math.max(now.atS - before.atS, 0.001);
      const state = statusSchema.safeParse(status);
      if (!stopped.signal.aborted && state.success) {
        report({
          elapsedS: now.atS,
          iterations: iterations.count ?? 0,
          requests: now.requests,
          ratePerS: Math.max(0, now.requests - before.requests) / gapS,
          p95Ms: latency['p(95)'] ?? null,
          failures: failures.count ?? 0,
          dropped: dropped.count ?? 0,
          vus: state.data.data.attributes.vus ?? 0,
        });
        before = now;
      }
    } catch {
      // Not up yet, or just gone: the next second asks again, and the summary has the last word.
    }
    const restMs = REST_PER_ANSWER * (performance.now() - asked);
    if (!stopped.signal.aborted) timer = setTimeout(ask, Math.max(INTERVAL_MS, restMs));
  }

  timer = setTimeout(ask, INTERVAL_MS);
  return {
    stop: () => {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}

/** A metric's numbers; none where k6 has not seen a sample of it yet. */
async function metric(
  api: string,
  name: string,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const parsed = metricSchema.safeParse(await get(`${api}/v1/metrics/${name}`, signal));
  return parsed.success ? parsed.data.data.attributes.sample : {};
}

async function get(url: string, signal: AbortSignal): Promise<unknown> {
  const late = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await fetch(url, { signal: AbortSignal.any([signal, late]) });
  const body: unknown = await response.json();
  return response.ok ? body : null;
}
