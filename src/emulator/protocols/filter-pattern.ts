/**
 * CloudWatch Logs' unstructured filter patterns: terms and quoted phrases, case-sensitive. All plain
 * terms must be there, one at least of those with `?`, none of those with `-`. As on AWS, `?` terms
 * are ignored where there is another term.
 * @returns null for a pattern of another kind (JSON, columns, regular expressions).
 */
export function parseFilterPattern(pattern: string): ((message: string) => boolean) | null {
  const all: string[] = [];
  const any: string[] = [];
  const none: string[] = [];
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) return null;
  const term = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/y;
  while (term.lastIndex < text.length) {
    const match = term.exec(text);
    if (match === null) return null;
    const words = match[2] === undefined ? (match[3] as string) : match[2].replace(/\\(.)/g, '$1');
    (match[1] === '?' ? any : match[1] === '-' ? none : all).push(words);
  }
  return (message) =>
    all.every((words) => message.includes(words)) &&
    none.every((words) => !message.includes(words)) &&
    (any.length === 0 ||
      all.length + none.length > 0 ||
      any.some((words) => message.includes(words)));
}
