/** A point of a picture, in pixels. */
export type Pixel = readonly [x: number, y: number];

/**
 * What a line of many points looks like in columns of `width` pixels: the first, lowest, highest and last point of each run of
 * points in one column, in their order. A peak of a single point stays.
 */
export function thinned(points: readonly Pixel[], width: number): Pixel[] {
  const out: Pixel[] = [];
  for (let from = 0; from < points.length;) {
    const column = Math.floor(points[from]![0] / width);
    let [to, low, high] = [from, from, from];
    for (; to < points.length && Math.floor(points[to]![0] / width) === column; to++) {
      if (points[to]![1] < points[low]![1]) low = to;
      if (points[to]![1] > points[high]![1]) high = to;
    }
    const kept = [...new Set([from, low, high, to - 1])].sort((a, b) => a - b);
    out.push(...kept.map((i) => points[i]!));
    from = to;
  }
  return out;
}
