/**
 * The candidate that somebody who wrote `word` most likely meant: one it begins, or one within an edit for each three
 * characters. Case does not count; among equals the first wins. `undefined` when none is near.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const offered = candidate.toLowerCase();
    const begun = wanted.length >= 3 && offered.startsWith(wanted);
    const distance = begun ? Math.min(1, offered.length - wanted.length) : edits(wanted, offered);
    if (distance < bestDistance && distance < Math.max(wanted.length, offered.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The end of an error message: ` (did you mean "apply"?)`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = closest(word, candidates);
  return meant === undefined ? "" : ` (did you mean ${JSON.stringify(meant)}?)`;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
