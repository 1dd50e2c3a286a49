import type { Random } from '../../base/random.ts';
import type { Band, PartsMs, Waterfall } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import type { SampleRequest } from './sample-request.ts';

const us = (ms: number) => Math.round(ms * 1000) / 1000;

const BANDS = [
  ['median', 0.45, 0.55],
  ['p90_p95', 0.9, 0.95],
  ['p95_p99', 0.95, 0.99],
  ['above_p99', 0.99, 1],
  ['above_p999', 0.999, 1],
  ['all', 0, 1],
] as const;

export function sampleBands(requests: SampleRequest[]): Band[] {
  const sorted = [...requests].sort((a, b) => a.totalMs - b.totalMs);
  return BANDS.map(([band, fromQuantile, toQuantile]) => {
    const inside = sorted.slice(
      Math.floor(fromQuantile * sorted.length),
      Math.ceil(toQuantile * sorted.length),
    );
    const mean = (of: (r: SampleRequest) => number) =>
      inside.reduce((sum, r) => sum + of(r), 0) / Math.max(1, inside.length);
    return {
      band,
      fromQuantile,
      toQuantile,
      requests: inside.length,
      coldRequests: inside.filter((r) => r.cold).length,
      meanPartsMs: Object.fromEntries(PARTS.map((p) => [p, mean((r) => r.parts[p])])) as PartsMs,
      meanTotalMs: mean((r) => r.totalMs),
    };
  });
}

/** The spans a request of these parts would have left. */
export function sampleWaterfall(
  kind: Waterfall['kind'],
  request: SampleRequest,
  random: Random,
): Waterfall {
  const { parts, totalMs } = request;
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const sent = parts.client * 0.6;
  const answered = totalMs - parts.client * 0.4;
  const gateway = sent + parts.network / 2;
  const gatewayEnd = answered - parts.network / 2;
  const service = gateway + parts.front * 0.7;
  const serviceEnd = gatewayEnd - parts.front * 0.3;
  const init = service + parts.placement;
  const invocation = init + parts.init;
  const invocationEnd = invocation + parts.handler + parts.backend;
  const spans: Waterfall['spans'] = [];
  const add = (role: string, name: string, depth: number, startMs: number, endMs: number) =>
    spans.push({ role, name, depth, startMs: us(startMs), endMs: us(endMs), error: false });
  add('client', 'blocked', 0, 0, sent * 0.7);
  add('client', 'sending', 0, sent * 0.7, sent);
  add('client', 'waiting', 0, sent, answered);
  add('client', 'receiving', 0, answered, totalMs);
  add('gateway', 'graphql/bench', 1, gateway, gatewayEnd);
  add('service', 'bench-dynamo-1024', 2, service, serviceEnd);
  add('function', 'bench-dynamo-1024', 3, init, invocationEnd + parts.overhead);
  if (request.cold) add('init', 'Init', 4, init, invocation);
  add('invocation', 'Invocation', 4, invocation, invocationEnd);
  let at = invocation + parts.handler * 0.5;
  const calls = request.operation === 'userById' ? 1 : request.operation === 'tweetsOfUser' ? 2 : 4;
  for (let i = 0; i < calls; i += 1) {
    const length = parts.backend / calls;
    add('backend', i === 0 ? 'DynamoDB GetItem' : 'DynamoDB Query', 5, at, at + length);
    at += length;
  }
  add('overhead', 'Overhead', 4, invocationEnd, invocationEnd + parts.overhead);
  return {
    kind,
    trial: request.trial,
    traceId: `1-6740a1b2-${hex(24)}`,
    requestId: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    operation: request.operation,
    outcome: 'ok',
    cold: request.cold,
    totalMs,
    partsMs: parts,
    spans,
  };
}
