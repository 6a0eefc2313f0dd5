// A table in plain text: words to the left, numbers to the right. Knows nothing of what it shows.

/** Lay rows out below a head. All rows have as many cells as the head. @returns lines with ends. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const isWord = head.map((_, column) => column === 0 || rows.some((row) => /^[a-z]/iu.test(row[column] ?? "")));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (isWord[column] ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return `${lines.join("\n")}\n`;
}

/** Print seconds with three digits that count. */
export function formatSeconds(seconds: number): string {
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : 1);
}
