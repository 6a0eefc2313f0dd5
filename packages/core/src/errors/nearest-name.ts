// "Did you mean": the known name that is nearest to what was typed, by edits, if near enough to be meant.

/**
 * Find the nearest of `known` to `typed`: at most a third of its letters (and at least one) differ.
 * @returns undefined when none is near. Cost: the product of the lengths for each name.
 */
export function nearestName(typed: string, known: Iterable<string>): string | undefined {
  const editsMax = Math.max(1, Math.floor(typed.length / 3));
  let nearest: string | undefined;
  let edits = editsMax + 1;
  for (const name of known) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (distance < edits) [nearest, edits] = [name, distance];
  }
  return nearest;
}

/** Print ` (did you mean "…"?)`, or nothing when no known name is near. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const nearest = nearestName(typed, known);
  return nearest === undefined ? "" : ` (did you mean "${nearest}"?)`;
}

/** Count insertions, deletions and replacements (Levenshtein), with swapped neighbours as one. */
function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const cells = new Int32Array((a.length + 1) * width);
  for (let column = 0; column < width; column += 1) cells[column] = column;
  for (let row = 1; row <= a.length; row += 1) {
    cells[row * width] = row;
    for (let column = 1; column < width; column += 1) {
      const at = row * width + column;
      const same = a[row - 1] === b[column - 1];
      const best = Math.min(
        (cells[at - width] ?? 0) + 1,
        (cells[at - 1] ?? 0) + 1,
        (cells[at - width - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      cells[at] = swapped ? Math.min(best, (cells[at - 2 * width - 2] ?? 0) + 1) : best;
    }
  }
  return cells[cells.length - 1] ?? 0;
}
