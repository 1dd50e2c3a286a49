import type { Cell } from '../../model/run.ts';

/**
 * Names of cells for sentences: what tells them apart, `2048 MB` where only memory differs; memory
 * where nothing does or there is one cell only.
 */
export function cellNames(cells: readonly Cell[]): string[] {
  const described = cells.map(({ endpoint, profile }) => [
    endpoint.backend,
    `${endpoint.memoryMb} MB`,
    endpoint.front,
    endpoint.server,
    endpoint.dataset,
    profile.kind,
  ]);
  const telling = [0, 1, 2, 3, 4, 5].filter(
    (i) => new Set(described.map((words) => words[i])).size > 1,
  );
  const shown = telling.length > 0 ? telling : [1];
  const names = described.map((words) => shown.map((i) => words[i]).join(' '));
  return new Set(names).size === names.length ? names : cells.map(({ id }) => id);
}
