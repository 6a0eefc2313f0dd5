// Tables as kubectl prints them: capital headings, columns two blanks apart, no lines. For people; scripts use `-o json`.

import { escapeText } from "./escape-text.ts";

/** Lay out rows below headings. Cells are escaped: nothing that a job's author chose can move the cursor. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => escapeText(cell)));
  const widths = headings.map((_, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}
