import { UsageError } from './errors.ts';

const UNIT_S: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Parses `250ms`, `20s`, `1.5m`, `1h`, `1m30s` to seconds. A bare number is refused: it has no unit. */
export function parseDurationS(text: string, flag: string): number {
  const pattern = /(\d+(?:\.\d+)?)(ms|s|m|h)/gy;
  let totalS = 0;
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    totalS += Number(match[1]) * (UNIT_S[match[2] as string] as number);
    end = pattern.lastIndex;
  }
  if (end === 0 || end !== text.length) {
    throw new UsageError(
      `${flag}: "${text}" is not a duration; write for example 20s, 500ms or 1m30s`,
    );
  }
  return totalS;
}

/** Seconds for people: `0.5 s`, `42 s`, `3 m 05 s`, `1 h 02 m`. */
export function formatDurationS(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return `${minutes} m ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
}
