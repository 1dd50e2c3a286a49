/** Text for XML 1.0, which forbids control characters, half surrogates, U+FFFE and U+FFFF even escaped. */

const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function escaped(value: string): string {
  return value
    .replace(FORBIDDEN, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Between tags. A carriage return would be read as a line feed. */
export function text(value: string): string {
  return escaped(value).replaceAll('\r', '&#13;');
}

/** `name="value"`; line breaks and tabs stay, which a reader turns into spaces otherwise. */
export function attribute(name: string, value: string): string {
  const kept = escaped(value)
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `${name}="${kept}"`;
}
