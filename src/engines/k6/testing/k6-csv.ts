import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REQUEST_FIELDS, REQUEST_METADATA } from '../../../model/k6-samples.ts';
import { RAW_FILES } from '../../../model/raw.ts';

export interface CsvRow {
  metric: string;
  atUs: number;
  value: number;
  columns: Record<string, string>;
  tags: Record<string, string>;
  metadata: Record<string, string>;
}

/**
 * Reads a (small) k6 CSV as merge does: values of tags and metadata are percent-decoded; the fields of
 * a request that are there stand as metadata of their own.
 */
export function readK6Csv(rawFolder: string): { header: string; rows: CsvRow[] } {
  const [header = '', ...lines] = readFileSync(join(rawFolder, RAW_FILES.k6Samples), 'utf8')
    .trimEnd()
    .split('\n');
  const names = header.split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== names.length) throw new Error(`a row of ${cells.length} cells: ${line}`);
    const columns = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    return {
      metric: columns.metric_name ?? '',
      atUs: Number(columns.timestamp),
      value: Number(columns.metric_value),
      columns,
      tags: pairs(columns.extra_tags ?? ''),
      metadata: unpacked(pairs(columns.metadata ?? '')),
    };
  });
  return { header, rows };
}

function unpacked(metadata: Record<string, string>): Record<string, string> {
  const packed = metadata[REQUEST_METADATA];
  if (packed === undefined) return metadata;
  const values = packed.split(';');
  if (values.length !== REQUEST_FIELDS.length) throw new Error(`not all fields: ${packed}`);
  return Object.fromEntries(
    REQUEST_FIELDS.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]).filter(
      ([, value]) => value !== '',
    ),
  );
}

function pairs(text: string): Record<string, string> {
  if (text === '') return {};
  return Object.fromEntries(
    text.split('&').map((pair) => {
      const at = pair.indexOf('=');
      const [key, value] = [pair.slice(0, at), pair.slice(at + 1)];
      return [key, key === REQUEST_METADATA ? value : decodeURIComponent(value)];
    }),
  );
}
