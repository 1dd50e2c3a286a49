/** Where an arrow key leads: columns to the right, rows down. */
const STEPS: Record<string, readonly [number, number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** One stop of the tab key for all marks, arrows between them; what a mark says stands beneath. */
export function wireMatrix(): void {
  const matrix = document.querySelector<HTMLTableElement>('table.matrix');
  const said = document.querySelector<HTMLElement>('[data-said-here]');
  if (!matrix || !said) return;
  const marks = [...matrix.querySelectorAll<HTMLAnchorElement>('a[data-said]')];
  marks.forEach((mark, i) => {
    mark.tabIndex = i === 0 ? 0 : -1;
  });
  const tell = (event: Event) => {
    const mark = (event.target as Element).closest<HTMLAnchorElement>('a[data-said]');
    if (mark === null) return;
    said.textContent = mark.dataset.said ?? '';
    if (event.type !== 'focusin') return;
    for (const other of marks) other.tabIndex = other === mark ? 0 : -1;
  };
  matrix.addEventListener('focusin', tell);
  matrix.addEventListener('pointerover', tell);
  matrix.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    const from = (event.target as Element).closest('td');
    if (step === undefined || from === null) return;
    event.preventDefault();
    nearest(marks, from, step)?.focus();
  });
}

/** Along a row the next mark of it; up and down the nearest mark of the next row that has one. */
function nearest(
  marks: readonly HTMLAnchorElement[],
  from: HTMLTableCellElement,
  [dx, dy]: readonly [number, number],
): HTMLAnchorElement | undefined {
  const place = (cell: HTMLTableCellElement | null) => ({
    x: cell?.cellIndex ?? 0,
    y: cell?.closest('tr')?.rowIndex ?? 0,
  });
  const own = place(from);
  const found = marks.flatMap((mark) => {
    const { x, y } = place(mark.closest('td'));
    const [columns, rows] = [x - own.x, y - own.y];
    const ahead = columns * dx + rows * dy;
    if (ahead <= 0 || (dx !== 0 && rows !== 0)) return [];
    return [{ mark, cost: dx === 0 ? ahead * 1000 + Math.abs(columns) : ahead }];
  });
  return found.sort((a, b) => a.cost - b.cost)[0]?.mark;
}
