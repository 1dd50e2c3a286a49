/** Text for terminals: its width, its line breaks, and what of foreign text may reach them. */

/** How it is set. */
export interface Look {
  /** Columns of the terminal. */
  width: number;
  colour: boolean;
}

export const lengthOf = (text: string) => [...text].length;

/** Foreign text may hold escape sequences or line breaks: a terminal gets neither. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

export function cut(text: string, most: number): string {
  return lengthOf(text) <= most ? text : `${[...text].slice(0, most - 1).join('')}…`;
}

/** Breaks at spaces; a longer word stays whole. Lines after the first begin with `indent`. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current.trim() !== '' && lengthOf(current) + 1 + lengthOf(word) > width) {
      lines.push(current);
      current = `${indent}${word}`;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

export interface Painter {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

export function painter(colour: boolean): Painter {
  const code = (start: number, end: number) => (text: string) =>
    colour ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return { bold: code(1, 22), dim: code(2, 22), red: code(31, 39), yellow: code(33, 39) };
}
