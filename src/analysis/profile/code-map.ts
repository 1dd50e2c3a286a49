import {
  type DecodedSourceMap,
  decodedMappings,
  type EncodedSourceMap,
  TraceMap,
} from '@jridgewell/trace-mapping';
import { ToolError } from '../../base/errors.ts';

export interface Place {
  source: string;
  /** From 0. */
  line: number;
  column: number;
  /** Where the token stands in the code. */
  at: { line: number; column: number };
}

/** A source map asked for what comes at a place or after it. */
export interface CodeMap {
  /**
   * The first token with a source at or after a place. V8 names a function by where its parameters
   * begin; a bundler's wrapper of a module has no source itself, the code in it has.
   */
  from(line: number, column: number): Place | null;
  /** Whether a token with a source stands right there. */
  has(line: number, column: number): boolean;
}

/** A wrapper's code begins in its own line or one of the next. */
const LINES_ON = 3;

/** @throws ToolError for text that is no source map */
export function codeMap(text: string): CodeMap {
  let map: TraceMap;
  let lines: ReturnType<typeof decodedMappings>;
  try {
    map = new TraceMap(JSON.parse(text) as EncodedSourceMap | DecodedSourceMap);
    lines = decodedMappings(map);
  } catch (error) {
    throw new ToolError(`a source map cannot be read: ${(error as Error).message}`);
  }
  const at = (line: number, column: number): number => {
    const segments = lines[line] ?? [];
    let [low, high] = [0, segments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((segments[middle]?.[0] ?? 0) < column) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    from(line, column) {
      for (let l = line; l <= line + LINES_ON; l += 1) {
        const segments = lines[l] ?? [];
        for (let i = l === line ? at(l, column) : 0; i < segments.length; i += 1) {
          const segment = segments[i];
          if (segment === undefined || segment.length === 1) continue;
          const source = map.resolvedSources[segment[1]] ?? map.sources[segment[1]];
          if (source != null) {
            const place = { source, line: segment[2], column: segment[3] };
            return { ...place, at: { line: l, column: segment[0] } };
          }
        }
      }
      return null;
    },
    has: (line, column) => lines[line]?.[at(line, column)]?.[0] === column,
  };
}
