import { describe, expect, it } from "vitest";
import { createDirectorySync } from "../src/directory-sync.ts";
import { mapBounded } from "../src/map-bounded.ts";

/** A sync that ends when it is told. */
function makeSlowSync() {
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const sync = createDirectorySync((path) => {
    started.push(path);
    return new Promise<void>((resolve) => void ends.push(resolve));
  });
  return { started, ends, sync };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe("createDirectorySync()", () => {
  it("lets all who come during a sync share the next one", async () => {
    const { started, ends, sync } = makeSlowSync();
    const first = sync.sync("/a");
    const later = Array.from({ length: 50 }, () => sync.sync("/a"));
    await settle();
    expect(started).toEqual(["/a"]);
    ends[0]?.();
    await first;
    await settle();
    expect(started).toEqual(["/a", "/a"]);
    ends[1]?.();
    await Promise.all(later);
    expect(started).toHaveLength(2);
  });

  it("syncs different directories side by side, and one again after it ended", async () => {
    const { started, ends, sync } = makeSlowSync();
    const both = [sync.sync("/a"), sync.sync("/b")];
    expect(started).toEqual(["/a", "/b"]);
    ends.forEach((end) => end());
    await Promise.all(both);
    void sync.sync("/a");
    expect(started).toEqual(["/a", "/b", "/a"]);
  });

  it("tells each caller of the failure of its own sync alone", async () => {
    let fail = true;
    const sync = createDirectorySync(async () => {
      await settle();
      if (fail) throw new Error("EIO");
    });
    const first = sync.sync("/a");
    const second = sync.sync("/a");
    await expect(first).rejects.toThrow("EIO");
    fail = false;
    await expect(second).resolves.toBeUndefined();
  });
});

describe("mapBounded()", () => {
  it("keeps the order of the items and its bound", async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 4, 2, 3], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it("begins nothing after a failure, and ends when what runs has ended", async () => {
    const begun: number[] = [];
    let ended = 0;
    const act = async (item: number): Promise<void> => {
      begun.push(item);
      await settle();
      if (item === 1) throw new Error("no");
      await settle();
      ended += 1;
    };
    await expect(mapBounded([0, 1, 2, 3, 4, 5], 2, act)).rejects.toThrow("no");
    expect(begun).toEqual([0, 1]);
    expect(ended).toBe(1);
  });
});
