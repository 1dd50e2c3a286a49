/** `2.3 times`, `41 times`. */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`;
}

/** A label within a sentence: its first letter small, unless it begins with an abbreviation. */
export function inSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A finding as a sentence by itself, whether or not it has its full stop. */
export function sentence(finding: string): string {
  return `${capital(finding.replace(/\.$/, ''))}.`;
}
