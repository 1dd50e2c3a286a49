import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../base/package-root.ts';
import { type TraceFacts, traceFacts } from './facts.ts';
import { parseTrace } from './parse-trace.ts';
import type { Span } from './roles.ts';

/** Golden values computed by hand from the recorded documents; see fixtures/recorded. */

function recorded(name: string): { facts: TraceFacts; spans: Map<string, Span> } {
  const file = join(packageRoot(), 'fixtures', 'recorded', `${name}.json`);
  const documents = JSON.parse(readFileSync(file, 'utf8')) as { id: string }[];
  const line = JSON.stringify({
    Id: 'x',
    Segments: documents.map((d) => ({ Id: d.id, Document: JSON.stringify(d) })),
  });
  const damage: string[] = [];
  const trace = parseTrace(line, (description) => damage.push(description));
  expect(damage).toEqual([]);
  if (trace === null) throw new Error('no trace');
  return { facts: traceFacts(trace.spans), spans: trace.spans };
}

const WHOLE = { hasInit: false, initUs: 0, throttled: false };

test('old style, cold: as captured', () => {
  const { facts, spans } = recorded('xray-old-cold');
  expect(facts).toEqual({
    requestId: '22222222-2222-4222-8222-000000000001',
    functionName: 'f',
    gatewayUs: 1_444_000,
    serviceUs: 1_425_000,
    // 391.087 ms − the middle of the 17th millisecond
    placementUs: 373_587,
    initUs: 851_506,
    hasInit: true,
    invocationUs: 196_880,
    backendUs: 82_000,
    backendCalls: 1,
    overheadUs: 543,
    throttled: false,
  });
  expect([...spans.values()].map(({ role }) => role).sort()).toEqual([
    'backend',
    'function',
    'gateway',
    'init',
    'integration',
    'invocation',
    'other',
    'overhead',
    'service',
  ]);
  expect([...spans.values()].filter((s) => s.inferred).map((s) => s.role)).toEqual(['other']);
});

test('old style, warm: documents in any order, only the outermost call counts', () => {
  expect(recorded('xray-old-warm').facts).toMatchObject({
    ...WHOLE,
    gatewayUs: 45_000,
    serviceUs: 31_000,
    placementUs: 3_700,
    invocationUs: 25_700,
    backendUs: 20_000,
    backendCalls: 1,
    overheadUs: 300,
  });
});

test('new style, cold: Init under the service, no Invocation, overlapping calls', () => {
  expect(recorded('xray-new-cold').facts).toMatchObject({
    gatewayUs: null,
    serviceUs: 390_000,
    placementUs: 9_750,
    initUs: 179_250,
    invocationUs: 195_500,
    backendUs: 70_000,
    backendCalls: 2,
    overheadUs: 1_000,
  });
});

test('new style, warm: a database call by its sql', () => {
  expect(recorded('xray-new-warm').facts).toMatchObject({
    ...WHOLE,
    gatewayUs: 30_000,
    serviceUs: 20_000,
    placementUs: 1_600,
    invocationUs: 16_000,
    backendUs: 8_000,
    backendCalls: 1,
    overheadUs: 400,
  });
});

test('partial: no service segment, a function and a call in progress', () => {
  expect(recorded('xray-partial').facts).toMatchObject({
    gatewayUs: 90_000,
    serviceUs: null,
    placementUs: null,
    initUs: null,
    invocationUs: 29_000,
    backendUs: 20_000,
  });
});

test('a function that invokes another: the inner one is a backend call of the outer', () => {
  expect(recorded('xray-two-functions').facts).toMatchObject({
    requestId: '22222222-2222-4222-8222-000000000006',
    functionName: 'f',
    serviceUs: 87_000,
    hasInit: false,
    placementUs: 1_500,
    invocationUs: 82_000,
    backendUs: 40_000,
    backendCalls: 1,
    overheadUs: 500,
  });
});

test('an init nobody waited for is no wait', () => {
  expect(recorded('xray-prewarmed').facts).toMatchObject({
    hasInit: true,
    initUs: 0,
    placementUs: 3_700,
  });
});

test('SnapStart: Restore is the init', () => {
  expect(recorded('xray-snapstart').facts).toMatchObject({
    hasInit: true,
    placementUs: 20_000,
    initUs: 279_400,
    invocationUs: 196_600,
  });
});

test('Init inside the function, and a call of which only the inferred segment came', () => {
  expect(recorded('xray-inferred-only').facts).toMatchObject({
    placementUs: 6_000,
    initUs: 99_000,
    invocationUs: 92_000,
    backendUs: 30_000,
    backendCalls: 1,
  });
});

test('a throttle reached no environment', () => {
  expect(recorded('xray-throttled').facts).toMatchObject({ throttled: true, invocationUs: null });
});
