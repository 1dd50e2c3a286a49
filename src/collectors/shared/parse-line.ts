import { parseJson } from '../../base/parse-json.ts';

/** What a collector wrote, read again; null where it is damaged. */
export function parseLine<T extends object>(text: string): T | null {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? (value as T) : null;
}
