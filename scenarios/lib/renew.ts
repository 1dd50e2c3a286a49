import exec from 'k6/execution';
import http from 'k6/http';
import { RENEW_TIMEOUT_S } from './profiles.ts';

const RENEWED = 204;
/** Longer than the one who renews waits, so that it can still say what went wrong. */
const params = { timeout: `${RENEW_TIMEOUT_S + 30}s`, responseType: 'text' as const };

/**
 * Has the function renewed and waits until it is ready. Where that fails the test ends with what was
 * said: every request to come would find a warm environment. It is no GraphQL request, so its samples
 * may not carry the ids of one: merge takes what has a trace id.
 */
export function renew(url: string | null, metadata: Record<string, string | number>): void {
  if (url === null) throw new Error('the plan file has no renewUrl');
  delete metadata.trace_id;
  delete metadata.join_key;
  const { body, error, status } = http.post(url, null, params);
  if (status === RENEWED) return;
  exec.test.abort(`the function was not renewed: ${body || error || `status ${status}`}`);
}
