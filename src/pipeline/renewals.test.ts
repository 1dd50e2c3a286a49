import { request } from 'node:http';
import { expect, test } from 'vitest';
import { ToolError } from '../base/errors.ts';
import { hostRenewals } from './renewals.ts';

test('who renews is asked by its address only, and until it is closed', async () => {
  let asked = 0;
  let ended: AbortSignal | undefined;
  const renewals = await hostRenewals(async (closed) => {
    ended = closed;
    asked += 1;
    if (asked === 2) throw new ToolError('the second fails');
  });
  const status = (url: string, options: { method?: string; headers?: Record<string, string> }) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent: false, ...options }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
  expect(await status(renewals.url, {})).toBe(204);
  expect(await status(renewals.url, { method: 'GET' })).toBe(403);
  expect(await status(renewals.url, { headers: { host: 'evil.example' } })).toBe(403);
  expect(await status(new URL('/', renewals.url).href, {})).toBe(403);
  expect([asked, renewals.failure()]).toEqual([1, null]);
  expect(await status(renewals.url, {})).toBe(500);
  expect(renewals.failure()).toMatchObject({ message: 'the second fails' });
  await renewals.close();
  expect(ended?.aborted).toBe(true);
  await expect(status(renewals.url, {})).rejects.toThrow('ECONNREFUSED');
});
