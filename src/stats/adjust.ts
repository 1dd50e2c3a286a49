/**
 * p-values adjusted for their number, in the order given: at most a share q of those that are ≤ q are
 * false on average (Benjamini and Hochberg, JRSS B 1995; Yekutieli and Benjamini 1999 for the adjusted
 * values): min over j ≥ rank of p₍j₎ · m ÷ j.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const falling = p.map((_, i) => i).sort((a, b) => (p[b] as number) - (p[a] as number));
  const adjusted = new Array<number>(p.length);
  let least = 1;
  for (const [place, i] of falling.entries()) {
    least = Math.min(least, ((p[i] as number) * p.length) / (p.length - place));
    adjusted[i] = least;
  }
  return adjusted;
}

/**
 * p-values adjusted for their number, in the order given: the chance that any is ≤ α where none should
 * be is at most α (Holm, Scand. J. Statist. 1979): running maximum of (m − j + 1) · p₍j₎, at most 1.
 */
export function holm(p: readonly number[]): number[] {
  const rising = p.map((_, i) => i).sort((a, b) => (p[a] as number) - (p[b] as number));
  const adjusted = new Array<number>(p.length);
  let most = 0;
  for (const [place, i] of rising.entries()) {
    most = Math.max(most, Math.min(1, (p.length - place) * (p[i] as number)));
    adjusted[i] = most;
  }
  return adjusted;
}
