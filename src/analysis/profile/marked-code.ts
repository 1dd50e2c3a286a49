import { transform } from 'esbuild';
import { type CodeMap, codeMap, type Place } from './code-map.ts';

/** A copy of a bundle that tells where its top level is. */
export interface MarkedCode {
  code: string;
  /** The source of what V8 says of a function: line and column from 0; null where it is not known. */
  sourceAt(line: number, column: number): Place | null;
  /** The mark at the end of the top level. */
  endMark: number;
  /** Of a mark; null of the last. */
  sourceOf(mark: number): string | null;
}

/** A statement begins here, and not what goes on with one. */
const BEGINS =
  /^(?!(?:else|catch|finally|case|default|of|in|instanceof|as|from|extends)\b)[A-Za-z_$(]/;
const ENDED = /[;}]$/;

/**
 * A bundler puts the top level of many modules one after the other into one function, of which a
 * profile tells no more than that it ran. So the profiled copy has every statement in a line of its
 * own, and a mark before each that begins another module's; functions have their place in the map. What
 * runs is otherwise what the bundle has.
 * @param sourceMap of the bundle; null: no marks, no sources
 */
export async function markedCode(bundle: string, sourceMap: string | null): Promise<MarkedCode> {
  const { code, map } = await transform(bundle, {
    loader: 'js',
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'inline',
    logLevel: 'silent',
  });
  const toBundle = codeMap(map);
  const toSource = sourceMap === null ? null : codeMap(sourceMap);
  const lines = code.split('\n');
  const bundleLines = bundle.split('\n');
  const marked: string[] = [];
  const lineBefore: number[] = [];
  const sources: string[] = [];
  let last: string | null = null;
  for (const [index, line] of lines.entries()) {
    const source = beginsStatement(lines, index, toBundle)
      ? (through(toBundle, toSource, index, 0)?.source ?? null)
      : null;
    if (source !== null && source !== last) {
      marked.push(`__benchMark(${sources.length});`);
      lineBefore.push(index);
      sources.push(source);
      last = source;
    }
    marked.push(line);
    lineBefore.push(index);
  }
  const endMark = sources.length;
  marked.push(`__benchMark(${endMark});\n`);
  return {
    code: marked.join('\n'),
    endMark,
    sourceAt(line, column) {
      const there = toBundle.from(lineBefore[line] ?? lines.length, column);
      const place = there === null ? null : (toSource?.from(there.line, there.column) ?? null);
      if (there === null || place === null) return null;
      return isHead(between(bundleLines, there, place.at)) ? place : null;
    },
    sourceOf: (mark) => sources[mark] ?? null,
  };
}

/**
 * Of the top level, which esbuild does not indent. It maps each statement's begin; text within a
 * template, which may stand at a line's begin too, it does not.
 */
function beginsStatement(lines: readonly string[], index: number, map: CodeMap): boolean {
  return (
    index > 0 &&
    BEGINS.test(lines[index] ?? '') &&
    ENDED.test(lines[index - 1] ?? '') &&
    map.has(index, 0)
  );
}

function through(
  toBundle: CodeMap,
  toSource: CodeMap | null,
  line: number,
  column: number,
): Place | null {
  const place = toBundle.from(line, column);
  return place === null ? null : (toSource?.from(place.line, place.column) ?? null);
}

/**
 * Whether a text is no more than parameters and an opened body: what follows is then the function's own.
 * A bundler's helpers have code before the next token with a source.
 */
function isHead(text: string): boolean {
  const bare = text
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
    .replace(/(["'])use strict\1;?/, '')
    .replace('=>', '');
  return /^[\w$,\s()[\]{}:]*$/.test(bare) && !/\b(?:return|try|function|if|for)\b/.test(bare);
}

function between(
  lines: readonly string[],
  from: { line: number; column: number },
  to: { line: number; column: number },
): string {
  if (from.line === to.line) return (lines[from.line] ?? '').slice(from.column, to.column);
  return [
    (lines[from.line] ?? '').slice(from.column),
    ...lines.slice(from.line + 1, to.line),
    (lines[to.line] ?? '').slice(0, to.column),
  ].join('\n');
}
