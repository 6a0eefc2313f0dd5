import { describe, expect, it } from "vitest";
import { copyPlanned } from "../../src/fs/copy-files.ts";
import { createCopyProgress } from "../../src/fs/copy-progress.ts";
import { planCopies } from "../../src/fs/plan-copies.ts";
import type { Terminal } from "../../src/output/terminal.ts";
import { memoryFiles, statusAt } from "./memory-files.ts";

interface Printed {
  readonly terminal: Terminal;
  readonly notes: string[];
  readonly raw: string[];
}

function print(flags: Pick<Terminal, "progress" | "interactive">): Printed {
  const [notes, raw]: [string[], string[]] = [[], []];
  const note = (line: string): void => void notes.push(line);
  const terminal: Terminal = {
    ...flags,
    note,
    error: note,
    data: note,
    raw: (text) => void raw.push(text),
    style: (_, text) => text,
  };
  return { terminal, notes, raw };
}

/** Copy 40 files of one byte, and look at the clock, which goes on by `stepMs` with each look. */
async function copyFiles(flags: Pick<Terminal, "progress" | "interactive">, stepMs: number): Promise<Printed> {
  const names = Array.from({ length: 40 }, (_, index) => [`/in/${index}`, "x"] as const);
  const storage = await memoryFiles(Object.fromEntries(names));
  const copies = [{ from: await statusAt(storage, "/in"), to: "mem:///out" }];
  const plan = await planCopies(storage, copies, { overwrite: false });
  const printed = print(flags);
  let now = 0;
  const progress = createCopyProgress(printed.terminal, plan, () => (now += stepMs));
  const totals = await copyPlanned(storage, plan, { overwrite: false, onProgress: progress.show });
  progress.end();
  expect(totals).toEqual({ files: 40, bytes: 40 });
  return printed;
}

describe("createCopyProgress()", () => {
  it("redraws one line on a terminal, not faster than anyone reads, and leaves it clean", async () => {
    const { raw, notes } = await copyFiles({ progress: true, interactive: true }, 30);
    expect(notes).toEqual([]);
    expect(raw).toHaveLength(20 + 1);
    expect(raw[0]).toMatch(/% \d+ of 40 file\(s\), \d+ B of 40 B /u);
    expect(raw.at(-1)).toBe("\r\u001b[K");
  });

  it("writes a line now and then elsewhere", async () => {
    const { raw, notes } = await copyFiles({ progress: true, interactive: false }, 500);
    expect(raw).toEqual([]);
    expect(notes).toHaveLength(8);
    expect(notes.at(-1)).toBe("Copied 40 of 40 file(s), 40 B of 40 B");
  });

  it("is silent where no progress is wanted", async () => {
    const { raw, notes } = await copyFiles({ progress: false, interactive: false }, 10_000);
    expect([raw, notes]).toEqual([[], []]);
  });
});
