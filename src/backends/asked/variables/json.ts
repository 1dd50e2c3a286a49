import { messageOf } from '../../../base/errors.ts';
import type { FileProblems } from '../problems.ts';
import type { Table, TableRow } from './table.ts';

/**
 * Reads an array of objects: each the variables of a request, or `{variables, expected}` with the
 * `data` its answer must be. What is wrong is told to `problems`.
 */
export function readJsonRows(file: string, text: string, problems: FileProblems): Table {
  const table: Table = { columns: [], rows: [], typed: true };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = messageOf(error);
    problems.add(`${file}:${lineIn(message, text)}`, `not JSON: ${message}`);
    return table;
  }
  if (!Array.isArray(value) || value.length === 0) {
    problems.add(file, 'an array of objects with variables is needed, at least one');
    return table;
  }
  const lines = elementLines(text);
  const columns = new Set<string>();
  value.forEach((element: unknown, index) => {
    const line = lines[index] ?? 1;
    const row = rowOf(element, line);
    if (typeof row === 'string') problems.add(`${file}:${line}`, row);
    else {
      table.rows.push(row);
      for (const name of Object.keys(row.values)) columns.add(name);
    }
  });
  table.columns.push(...columns);
  return table;
}

function rowOf(element: unknown, line: number): TableRow | string {
  if (!isObject(element)) return 'an object with variables is needed';
  if (!('expected' in element)) {
    return isObject(element.variables) && Object.keys(element).length === 1
      ? { line, values: element.variables }
      : { line, values: element };
  }
  const { variables = {}, expected, ...others } = element;
  const [other] = Object.keys(others);
  if (other !== undefined) return `beside "expected" only "variables" may stand, not "${other}"`;
  if (!isObject(variables)) return '"variables" must be an object';
  if (!isObject(expected)) return '"expected" must be an object: the data of the answer';
  return { line, values: variables, expected };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** V8 names the line, or the position, or neither where the text ended too early. */
function lineIn(message: string, text: string): number {
  const line = /line (\d+)/.exec(message)?.[1];
  if (line !== undefined) return Number(line);
  const position = /position (\d+)/.exec(message)?.[1];
  return text.slice(0, position === undefined ? undefined : Number(position)).split('\n').length;
}

/** The lines on which the elements of an array begin; the text is JSON. */
export function elementLines(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let within = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) line += 1;
    if (code <= SPACE) continue;
    if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1;
    else if (depth === 1 && code === COMMA) within = false;
    else if (depth === 1 && !within) {
      lines.push(line);
      within = true;
    }
    if (code === OPEN_BRACKET || code === OPEN_BRACE) depth += 1;
    if (code === QUOTE) at = endOfString(text, at);
  }
  return lines;
}

const [LINE_FEED, SPACE, QUOTE, COMMA, BACKSLASH] = [0x0a, 0x20, 0x22, 0x2c, 0x5c];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A string of JSON holds no line feed of its own. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
