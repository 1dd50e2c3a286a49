import { escapeMarkdown } from '../markdown/text.ts';
import { cut, plain } from '../terminal/text.ts';

/** A longer piece of foreign text is cut: one name may not fill a comment. */
const LONGEST = 300;
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * Foreign text in GitHub's Markdown, on one line. GitHub looks for mentions, references and addresses
 * after it has taken escapes away, so `\@everyone` still mentions: a zero-width space parts what would
 * be found (`@name`, `#1`, `GH-1`, `https://`, `www.`).
 */
export function foreign(text: string): string {
  // Nothing of a text that is far longer is looked at.
  const line = plain(cut(text.slice(0, 4 * LONGEST).trim(), LONGEST)).trim();
  return escapeMarkdown(line)
    .replace(/\\([@#])/g, `\\$1${ZERO_WIDTH_SPACE}`)
    .replace(/:\/\//g, `:${ZERO_WIDTH_SPACE}//`)
    .replace(/\b(www)\./gi, `$1${ZERO_WIDTH_SPACE}.`)
    .replace(/\b(gh)-(?=\d)/gi, `$1${ZERO_WIDTH_SPACE}-`)
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}
