// Text formats by the command: headers, records over several lines, and files that are cut where no record begins.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { millrace, readParts, scratchDirectory } from "./harness.ts";
import type { CommandResult } from "./harness.ts";

const directory = scratchDirectory();
afterAll(() => directory.remove());

const job = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const write = (name: string, text: string | Uint8Array): void => writeFileSync(join(directory.path, name), text);
const run = (...args: readonly string[]): Promise<CommandResult> =>
  millrace(["run", ...args, "-q"], { cwd: directory.path });
const read = (output: string): string => readParts(join(directory.path, output));

describe("csv", () => {
  it("reads files with headers in small splits, and writes a header into each part file", async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => `"k ${index % 7}",${index}`);
    write("a.csv", `\uFEFFid,n\r\n${rows.slice(0, 3000).join("\r\n")}\r\n`);
    write("b.csv", gzipSync(`id,n\n${rows.slice(3000).join("\n")}`));
    const result = await run(job("csv-sums"), "a.csv", "b.csv", "sums", "--split-bytes", "4KiB", "--reduces", "3");
    expect(result.exit, result.stderr).toBe(0);
    const parts = readdirSync(join(directory.path, "sums")).filter((name) => name.endsWith(".csv"));
    expect(parts).toHaveLength(3);
    for (const name of parts) expect(readFileSync(join(directory.path, "sums", name), "utf8")).toMatch(/^id,n\n/u);
    const sums = Array.from({ length: 7 }, (_, key) => {
      let sum = 0;
      for (let index = key; index < 5000; index += 7) sum += index;
      return `k ${key},${sum}`;
    });
    const lines = read("sums")
      .split("\n")
      .filter((line) => line !== "" && line !== "id,n");
    expect(lines.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(sums);
  });

  it("ends at a file with another header, at once, and names both", async () => {
    write("good.csv", "id,n\na,1\n");
    write("bad.csv", "n,id\n1,a\n");
    const result = await run(job("csv-sums"), "good.csv", "bad.csv", "none");
    expect(result.exit).toBe(1);
    expect(result.stderr).toMatch(/bad\.csv" as csv: its header has the columns "n", "id", the format "id", "n"/u);
    expect(result.stderr).toContain("E_INPUT_FORMAT");
    expect(result.stderr).not.toContain("E_ATTEMPTS");
  });

  it("counts lines that are no rows as bad records", async () => {
    write("lines.csv", `id,n\n${"a,1\n".repeat(200)}a\n${"a,1\n".repeat(200)}"a,1\n`);
    const result = await millrace(["run", job("csv-sums"), "lines.csv", "lines"], { cwd: directory.path });
    expect(result.exit, result.stderr).toBe(0);
    expect(read("lines")).toBe("id,n\na,400\n");
    expect(result.stderr).toContain("2 bad record(s)");
    expect(result.stderr).toContain("1 column, not 2");
    expect(result.stderr).toContain("set quotedNewlines when fields may hold line breaks");
  });

  it("reads line breaks in quotes when that is asked for, each file by one task", async () => {
    const notes = Array.from({ length: 2000 }, (_, index) => `${index},"one\r\n""two"",\n${index}"`).join("\n");
    write("notes.csv", `id,note\n${notes}\n`);
    const result = await run(job("csv-notes"), "notes.csv", "notes", "--split-bytes", "1KiB");
    expect(result.exit, result.stderr).toBe(0);
    expect(readdirSync(join(directory.path, "notes")).filter((name) => name.endsWith(".csv"))).toHaveLength(1);
    expect(read("notes")).toBe(`id,note\n${notes}\n`);
  });
});

describe("cri", () => {
  it("joins the parts of a line wherever a split would have begun", async () => {
    const stamp = "2026-11-25T23:00:01.123456789Z";
    const lines = Array.from({ length: 500 }, (_, index) => [
      `${stamp} stdout P out ${index} `,
      `${stamp} stderr P err ${index} `,
      `${stamp} stdout P and `,
      `${stamp} stderr F end`,
      `${stamp} stdout F end`,
    ]);
    write("pod.log", `${lines.flat().join("\n")}\n${stamp} stdout P open`);
    const result = await run(job("container-lines"), "pod.log", "pod", "--split-bytes", "1KiB");
    expect(result.exit, result.stderr).toBe(0);
    const ms = Date.UTC(2026, 10, 25, 23, 0, 1, 123);
    const expected = lines.flatMap((_, index) => [
      `${ms} stderr err ${index} end`,
      `${ms} stdout out ${index} and end`,
    ]);
    expect(read("pod")).toBe(`${expected.join("\n")}\n`);
  });
});

describe("events", () => {
  it("reads each event once, however the file is cut", async () => {
    const events = Array.from({ length: 3000 }, (_, index) => {
      const trace = Array.from({ length: index % 9 }, (_each, line) => `\tat org.example.Main.run(Main.java:${line})`);
      return [`2026-01-02 INFO event ${index}`, ...trace].join("\n");
    });
    write("app.log", `${events.join("\n")}\n`);
    for (const [bytes, output] of [
      ["1MiB", "whole"],
      ["1KiB", "cut"],
    ] as const) {
      const result = await run(job("event-lengths"), "app.log", output, "--split-bytes", bytes, "--reduces", "1");
      expect(result.exit, result.stderr).toBe(0);
    }
    expect(read("cut")).toBe(read("whole"));
    const lengths = events.map((event) => `${event.split("\n", 1)[0]}\t${event.length}`);
    expect(
      read("cut")
        .trimEnd()
        .split("\n")
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(lengths.toSorted((a, b) => (a < b ? -1 : 1)));
  });
});
