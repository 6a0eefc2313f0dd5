import type { Journal } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import { BufferedJournal } from "../../src/journal/buffered-journal.ts";

/** A journal that remembers its batches. */
function remember(): { readonly journal: Journal<number>; readonly batches: (readonly number[] | "closed")[] } {
  const batches: (readonly number[] | "closed")[] = [];
  const journal: Journal<number> = {
    append: async (records) => {
      if (records.length > 0) batches.push(records);
    },
    close: async () => {
      batches.push("closed");
    },
  };
  return { journal, batches };
}

describe("BufferedJournal", () => {
  it("writes what waits as one batch, in order, and says how much it was", async () => {
    const { journal, batches } = remember();
    const buffered = new BufferedJournal(journal);
    buffered.take([1, 2]);
    buffered.take([3]);
    expect(batches).toEqual([]);
    expect(await buffered.sync()).toBe(3);
    expect(await buffered.sync()).toBe(0);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it("keeps what comes during a sync for the next one", async () => {
    const { journal, batches } = remember();
    const buffered = new BufferedJournal(journal);
    buffered.take([1]);
    const first = buffered.sync();
    buffered.take([2]);
    expect(await first).toBe(1);
    await buffered.sync();
    expect(batches).toEqual([[1], [2]]);
  });

  it("loses at its close what nobody asked to be durable", async () => {
    const { journal, batches } = remember();
    const buffered = new BufferedJournal(journal);
    buffered.take([1]);
    await buffered.close();
    expect(batches).toEqual(["closed"]);
  });
});
