import { setSignal } from './charts.ts';

const THEMES = ['auto', 'light', 'dark'] as const;

/** Colours are CSS variables in the charts too, so a theme needs no redrawing. */
export function wireTheme(): void {
  const button = document.getElementById('theme');
  let at = 0;
  button?.addEventListener('click', () => {
    at = (at + 1) % THEMES.length;
    const theme = THEMES[at] ?? 'auto';
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  });
}

/** A cell's name in a legend brings that cell forward in every chart; again lets it go. */
export function wireLegends(): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[data-cell]')];
  let focus = -1;
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const cell = Number(button.dataset.cell);
      focus = focus === cell ? -1 : cell;
      for (const other of buttons) {
        other.setAttribute('aria-pressed', String(Number(other.dataset.cell) === focus));
      }
      setSignal('focus', focus);
    });
  }
}

/** A link to what is folded opens it: without a script the link still leads there. */
export function wireFolded(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(
    '#compared a[href^="#compared-"], .gate a[href^="#"]',
  )) {
    link.addEventListener('click', () => {
      const folded = document.getElementById(link.hash.slice(1))?.closest('details');
      if (folded) folded.open = true;
    });
  }
}

export function wireTrials(): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-trials]')) {
    const section = select.closest('section') ?? document;
    select.addEventListener('change', () => setSignal('trial', Number(select.value), section));
  }
}
