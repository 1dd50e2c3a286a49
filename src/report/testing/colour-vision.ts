/** Colours as readers see them, for tests of the palette. */
type Rgb = [number, number, number];

/** Machado, Oliveira and Fernandes 2009, severity 1, in linear RGB. */
const DEFICIENCIES: Record<string, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
};
export const VISIONS = Object.keys(DEFICIENCIES);

/** WCAG 2.2 contrast ratio of two `#rrggbb`. */
export function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const [x, y] = [luminance(a), luminance(b)];
  return Math.max(x, y) / Math.min(x, y);
}

/** Distance in CIELAB (ΔE*76) of two `#rrggbb` as seen with a kind of colour vision. */
export function distance(a: string, b: string, vision: string): number {
  const [p, q] = [lab(seen(linear(a), vision)), lab(seen(linear(b), vision))];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function seen([red, green, blue]: Rgb, vision: string): Rgb {
  const m = DEFICIENCIES[vision] ?? [];
  const row = (i: number) =>
    Math.max(0, (m[i] ?? 0) * red + (m[i + 1] ?? 0) * green + (m[i + 2] ?? 0) * blue);
  return [row(0), row(3), row(6)];
}

/** Linear sRGB to CIELAB, white D65. */
function lab([red, green, blue]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116);
  const x = f((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
  const y = f(0.2126729 * red + 0.7151522 * green + 0.072175 * blue);
  const z = f((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
