import { contentKey } from '../../databases/content-key.ts';
import type { Installation } from '../../databases/postgres/find-postgres.ts';

/** What tables and rows are made by. */
const ROWS_MADE_BY = [
  'fixtures/dataset/dataset',
  'fixtures/dataset/text',
  'src/base/random',
  'src/backends/postgres/tables',
  'src/backends/postgres/copy-text',
  'src/backends/postgres/seed',
];
/** What the files of a seeded database are made by. */
const MADE_BY = [
  ...ROWS_MADE_BY,
  'src/backends/postgres/own-server',
  'src/databases/postgres/create-cluster',
];

/** Names the tables and their rows, wherever they are. */
export function rowsKey(): string {
  return contentKey({ by: ROWS_MADE_BY, versions: [] });
}

/** PostgreSQL's files differ between machines of other kinds and between builds. */
export function snapshotKey(installation: Installation, dataset: string, index: boolean): string {
  const versions = [installation.banner, process.platform, process.arch];
  const content = contentKey({ by: MADE_BY, versions });
  return `postgres-${dataset}-${index ? 'indexed' : 'keys-only'}-${content}`;
}
