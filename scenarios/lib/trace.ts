/** 16 random hex digits, from two draws because one holds 53 bits. */
export function randomPrefix(random: () => number): string {
  return hex8(random() * 4294967296) + hex8(random() * 4294967296);
}

/**
 * Makes X-Ray trace ids, `1-<epoch seconds>-<24 hex digits>`: the prefix keeps runs and virtual users
 * apart, the iteration keeps the requests of a run apart. A random number per request costs more,
 * and so does writing the second anew.
 */
export function traceIds(prefix: string): (epochMs: number, iteration: number) => string {
  let second = -1;
  let start = '';
  return (epochMs, iteration) => {
    const now = Math.floor(epochMs / 1000);
    if (now !== second) {
      second = now;
      start = `1-${hex8(now)}-${prefix}`;
    }
    return start + hex8(iteration);
  };
}

/** The value of `X-Amzn-Trace-Id` that has the request traced, or not, whatever the sampling rules. */
export function traceHeader(id: string, sampled: boolean): string {
  return `Root=${id};Sampled=${sampled ? 1 : 0}`;
}

/** The trace id in a returned header, or an empty string. Invoke writes its fields in lower case. */
export function traceIdOf(header: string | undefined): string {
  if (!header) return '';
  const capital = header.indexOf('Root=');
  const at = capital < 0 ? header.indexOf('root=') : capital;
  if (at < 0) return '';
  const end = header.indexOf(';', at);
  return header.slice(at + 5, end < 0 ? undefined : end);
}

function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
