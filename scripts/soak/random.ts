/** Numbers from 0 to below 1, the same for the same seed (Lehmer). */
export function random(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
