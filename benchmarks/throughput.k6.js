import http from 'k6/http';

export const options = {
  vus: Number(__ENV.VUS),
  duration: __ENV.DURATION,
  summaryTrendStats: ['med', 'p(99)'],
};

export default function () {
  const response = http.post(__ENV.URL, '{"query":"{ noop }"}', {
    headers: { 'content-type': 'application/json' },
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
}

export function handleSummary(data) {
  const { http_reqs, http_req_duration, http_req_failed } = data.metrics;
  return {
    [__ENV.OUT]: JSON.stringify({
      perS: http_reqs.values.rate,
      medianMs: http_req_duration.values.med,
      p99Ms: http_req_duration.values['p(99)'],
      failedShare: http_req_failed.values.rate,
    }),
  };
}
