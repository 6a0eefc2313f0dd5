import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
});
