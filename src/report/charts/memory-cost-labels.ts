/** Where the names of points stand so that none is hard to read. */

export const HEIGHT = 230;
/** The narrowest the drawing gets, on a phone: labels are placed so that they do not touch there. */
export const LEAST_WIDTH = 250;
export const LABEL = { width: 58, height: 14, away: 11 };

/** In pixels from the left and from the top. */
export interface Placed {
  x: number;
  y: number;
}

/**
 * Beside its point, above or below the bars through it, else further away: the first place where a
 * label touches neither another label nor a point. Labels begin at `x`, `y` is their middle.
 */
export function placeLabels(points: readonly Placed[]): Placed[] {
  const placed: Placed[] = [];
  for (const { x, y } of points) {
    const places = [-1, 1, -2, 2, -3, 3, -4, 4].map((steps) => ({ x, y: y + steps * LABEL.away }));
    const isFree = (place: Placed) =>
      place.y > 6 &&
      place.y < HEIGHT - 6 &&
      placed.every(
        (other) =>
          Math.abs(other.x - place.x) >= LABEL.width || Math.abs(other.y - place.y) >= LABEL.height,
      ) &&
      points.every(
        (point) =>
          point.x < place.x || point.x > place.x + LABEL.width || Math.abs(point.y - place.y) >= 9,
      );
    placed.push(places.find(isFree) ?? places[0] ?? { x, y });
  }
  return placed;
}
