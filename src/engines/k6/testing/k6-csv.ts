import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_FILES } from '../../../model/raw.ts';

export interface CsvRow {
  metric: string;
  atUs: number;
  value: number;
  columns: Record<string, string>;
  tags: Record<string, string>;
  metadata: Record<string, string>;
}

/** Reads a (small) k6 CSV as merge does: values of tags and metadata are percent-decoded. */
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
      metadata: pairs(columns.metadata ?? ''),
    };
  });
  return { header, rows };
}

function pairs(text: string): Record<string, string> {
  if (text === '') return {};
  return Object.fromEntries(
    text.split('&').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
    }),
  );
}
