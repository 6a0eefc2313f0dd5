import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createListingLine, noteSlowListing } from "../../src/output/listing-line.ts";
import type { Terminal } from "../../src/output/terminal.ts";

function catcher(interactive: boolean, progress = true): { readonly terminal: Terminal; readonly shown: string[] } {
  const shown: string[] = [];
  const take = (text: string): void => void shown.push(text);
  const terminal = { data: take, note: take, error: take, raw: take, progress, interactive, style: () => "" };
  return { terminal, shown };
}

describe("createListingLine()", () => {
  it("redraws a line on a terminal, and clears it", () => {
    let now = 0;
    const { terminal, shown } = catcher(true);
    const line = createListingLine(terminal, () => now);
    line.found(1_000);
    for (now = 1_000; now <= 1_200; now += 50) line.found(now);
    line.end();
    now = 9_000;
    line.found(9_000);
    expect(shown).toEqual([
      "\r\u001b[KListing the input: 1,000 files",
      "\r\u001b[KListing the input: 1,100 files",
      "\r\u001b[KListing the input: 1,200 files",
      "\r\u001b[K",
    ]);
  });

  it("is cut to the width of the terminal: a line that wraps cannot be redrawn", () => {
    const columns = Object.getOwnPropertyDescriptor(process.stderr, "columns");
    Object.defineProperty(process.stderr, "columns", { value: 20, configurable: true });
    onTestFinished(() => {
      if (columns === undefined) Reflect.deleteProperty(process.stderr, "columns");
      else Object.defineProperty(process.stderr, "columns", columns);
    });
    let now = 0;
    const { terminal, shown } = catcher(true);
    const line = createListingLine(terminal, () => now);
    now = 1_000;
    line.found(1_000);
    expect(shown).toEqual(["\r\u001b[KListing the input: "]);
  });

  it("prints a line now and then elsewhere, and nothing where no progress is wanted", () => {
    let now = 0;
    const loud = catcher(false);
    const quiet = catcher(false, false);
    const lines = [loud, quiet].map(({ terminal }) => createListingLine(terminal, () => now));
    for (now = 0; now <= 12_000; now += 1_000) for (const line of lines) line.found(now / 1_000);
    for (const line of lines) line.end();
    expect(loud.shown).toEqual([
      "Listing the input: 1 file",
      "Listing the input: 6 files",
      "Listing the input: 11 files",
    ]);
    expect(quiet.shown).toEqual([]);
  });
});

describe("noteSlowListing()", () => {
  it("tells of a listing that takes long, once, and of no other", () => {
    vi.useFakeTimers();
    try {
      const { terminal, shown } = catcher(false);
      const quick = noteSlowListing(terminal);
      vi.advanceTimersByTime(900);
      quick();
      const slow = noteSlowListing(terminal);
      vi.advanceTimersByTime(60_000);
      slow();
      expect(shown).toEqual(["Listing the input: the coordinator looks for its files"]);
    } finally {
      vi.useRealTimers();
    }
  });
});
