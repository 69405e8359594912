/**
 * Names that look like a mistyped one. Distance: Damerau-Levenshtein in its optimal string alignment form, so a swap
 * of two neighbours (`fliter`) is one mistake, as people make it. A leaf: imports nothing.
 */

/** How many single mistakes (insert, drop, replace, swap neighbours) lie between two names; case counts. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(at(above, j) + 1, at(row, j - 1) + 1, replaced);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, at(before, j - 2) + 1);
      row.push(best);
    }
    before = above;
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

/**
 * The candidates that resemble `name`, best first, at most `most`. A candidate counts when it is a third of the
 * longer name (at least two mistakes, but never all of it) or less away, ignoring case, or when it begins with the name. Equal distances
 * keep the order of the candidates. Cost: product of the lengths per candidate; names are cut at 64 characters, as
 * they come from the network.
 */
export function nearest(name: string, candidates: Iterable<string>, most = 3): string[] {
  const wanted = name.slice(0, 64).toLowerCase();
  const found: { candidate: string; far: number }[] = [];
  for (const candidate of candidates) {
    const text = candidate.slice(0, 64).toLowerCase();
    const longer = Math.max(wanted.length, text.length);
    const limit = Math.max(2, Math.floor(longer / 3));
    const begins = wanted.length > 1 && text.startsWith(wanted);
    // The lengths alone say that it is too far.
    if (!begins && Math.abs(wanted.length - text.length) > limit) continue;
    const far = distance(wanted, text);
    if ((far <= limit && far < longer) || begins) found.push({ candidate, far });
  }
  return found
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}
