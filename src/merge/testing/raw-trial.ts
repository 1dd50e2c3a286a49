import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from '../../base/random.ts';
import { RAW_FILES, type RawLogEvent, type RawTrace } from '../../model/raw.ts';
import {
  CSV_HEADER,
  csvRows,
  type KnownRequest,
  rawTrace,
  reportEvent,
  type Style,
} from './known-request.ts';

/** Writes the raw folder of a trial that these requests would have left behind. */
export function writeRawTrial(
  trialFolder: string,
  requests: readonly KnownRequest[],
  style: Style = { documents: 'old', clock: 'exact' },
): void {
  writeRaw(trialFolder, {
    csv: `${CSV_HEADER}\n${requests.map(csvRows).join('')}`,
    traces: requests.map((known) => rawTrace(known, style)),
    events: requests.map(reportEvent),
  });
}

/** Writes raw files as they are given; what is left out is not written. */
export function writeRaw(
  trialFolder: string,
  files: { csv?: string; traces?: readonly RawTrace[]; events?: readonly RawLogEvent[] },
): void {
  const raw = join(trialFolder, 'raw');
  mkdirSync(raw, { recursive: true });
  if (files.csv !== undefined) writeFileSync(join(raw, RAW_FILES.k6Samples), files.csv);
  if (files.traces !== undefined) {
    writeFileSync(join(raw, RAW_FILES.traces), jsonLines(files.traces));
  }
  if (files.events !== undefined) {
    writeFileSync(join(raw, RAW_FILES.logs), jsonLines(files.events));
  }
}

export function jsonLines(items: readonly unknown[]): Buffer {
  return gzipSync(items.map((item) => `${JSON.stringify(item)}\n`).join(''), { level: 1 });
}

/**
 * Requests at a constant rate over `environments` environments, each cold on its first: warm-up for
 * the first tenth, ramp for the next two, then hold.
 */
export function knownRequests(
  count: number,
  random: Random,
  options: { environments?: number; ratePerS?: number; memoryMb?: number; scale?: number } = {},
): KnownRequest[] {
  const { environments = 5, ratePerS = 50, memoryMb = 1024, scale = 1 } = options;
  const beganUs = 1_790_000_000_000_000;
  return Array.from({ length: count }, (_, index) => {
    const cold = index < environments;
    const share = index / count;
    const us = (mean: number) =>
      Math.round(scale * mean * Math.exp(0.5 * (random() + random() - 1)));
    return {
      index,
      startedUs: beganUs + Math.round((index * 1e6) / ratePerS),
      phase: share < 0.1 ? 'warm_up' : share < 0.3 ? 'ramp' : 'hold',
      operation: index % 3 === 0 ? 'Timeline' : 'Tweet',
      outcome: 'ok',
      status: 200,
      cold,
      environment: `2026/11/20/[$LATEST]${(index % environments).toString(16).padStart(32, '0')}`,
      memoryMb,
      clientUs: us(200),
      networkUs: us(1500),
      frontUs: us(1200),
      placementUs: us(1100),
      initUs: cold ? us(250_000) : 0,
      handlerUs: us(3000),
      backendCallsUs: index % 3 === 0 ? [us(900), us(700)] : [us(1000)],
      overheadUs: us(150),
      unexplainedUs: us(1200),
    };
  });
}
