// What is shown before a job has tasks: how many input files are found so far. Nothing for the first second, since most
// listings take less; then one line that redraws itself on a terminal, and one now and then elsewhere.

import { clearLine, redrawLine } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { formatCount } from "./units.ts";

/** Shows a listing until it ends. */
export interface ListingLine {
  /** Tell how many files are found so far. */
  readonly found: (files: number) => void;
  /** Leave the terminal clean. */
  readonly end: () => void;
}

/** Nobody wonders before. */
const quietMs = 1_000;

/** Between two redraws on a terminal, and between two lines of a log. */
const pauseMs = { interactive: 100, lines: 5_000 };

/** Make the line. The listing begins now. @param nowMs gives the monotonic time. */
export function createListingLine(terminal: Terminal, nowMs: () => number): ListingLine {
  let dueMs = nowMs() + quietMs;
  let isDrawn = false;
  return {
    found: (files) => {
      if (!terminal.progress || nowMs() < dueMs) return;
      const text = `Listing the input: ${formatCount(files)} file${files === 1 ? "" : "s"}`;
      dueMs = nowMs() + (terminal.interactive ? pauseMs.interactive : pauseMs.lines);
      if (terminal.interactive) redrawLine(terminal, text);
      else terminal.note(text);
      isDrawn = terminal.interactive;
    },
    end: () => {
      if (isDrawn) clearLine(terminal);
      isDrawn = false;
      dueMs = Number.POSITIVE_INFINITY;
    },
  };
}

/** A listing that another process does says nothing before its end: tell once that it takes longer. @returns ends it. */
export function noteSlowListing(terminal: Terminal): () => void {
  const timer = setTimeout(() => {
    if (terminal.progress) terminal.note("Listing the input: the coordinator looks for its files");
  }, quietMs);
  return () => clearTimeout(timer);
}
