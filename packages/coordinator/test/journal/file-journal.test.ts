import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openJournal, readJournal } from "../../src/journal/file-journal.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-journal-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe("openJournal()", () => {
  it("reads back what was appended before, and goes on after it", async () => {
    const path = join(directory, "journal");
    const first = await openJournal<{ n: number }>(path);
    await first.journal.append([{ n: 1 }, { n: 2 }]);
    await first.journal.append([]);
    await first.journal.close();
    const second = await openJournal<{ n: number }>(path);
    expect(second).toMatchObject({ records: [{ n: 1 }, { n: 2 }], cutBytes: 0 });
    await second.journal.append([{ n: 3 }]);
    await second.journal.close();
    expect(await readJournal(path)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("cuts a torn tail from the file before it appends, so that the next record is not glued to it", async () => {
    const path = join(directory, "journal");
    const first = await openJournal<{ n: number }>(path);
    await first.journal.append([{ n: 1 }]);
    await first.journal.close();
    const whole = readFileSync(path);
    appendFileSync(path, 'deadbeef 2 {"n":2');
    const second = await openJournal<{ n: number }>(path);
    expect(second.cutBytes).toBe(17);
    expect(readFileSync(path)).toEqual(whole);
    await second.journal.append([{ n: 4 }]);
    await second.journal.close();
    expect(await readJournal(path)).toEqual([{ n: 1 }, { n: 4 }]);
  });

  it.runIf(existsSync("/proc/self/fd")).each(["truncate", "sync"] as const)(
    "leaves nothing open when %s fails",
    async (step) => {
      const path = join(directory, "journal");
      const first = await openJournal<{ n: number }>(path);
      await first.journal.append([{ n: 1 }]);
      await first.journal.close();
      appendFileSync(path, "torn");
      const handle = await open(path);
      const fails = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, step).mockRejectedValue(new Error("EIO"));
      await handle.close();
      await expect(openJournal(path)).rejects.toThrow("EIO");
      fails.mockRestore();
      expect(openFiles()).not.toContain(path);
    },
  );
});

/** Paths of the files that this process has open. */
function openFiles(): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((number) => {
    try {
      return [readlinkSync(`/proc/self/fd/${number}`)];
    } catch {
      return [];
    }
  });
}
