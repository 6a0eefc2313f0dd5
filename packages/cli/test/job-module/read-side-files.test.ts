import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSideFiles } from "../../src/job-module/read-side-files.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-files-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
const write = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

describe("readSideFiles()", () => {
  it("gives name, digest and length, sorted by name, and the bytes in the same order", () => {
    const given = [
      { name: "stop", path: write("stop.txt", "the\n") },
      { name: "geo", path: write("empty", "") },
    ];
    const { files, contents } = readSideFiles("j.ts", ["stop"], given);
    const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
    expect(files).toEqual([
      { name: "geo", sha256: sha256(""), bytes: 0 },
      { name: "stop", sha256: sha256("the\n"), bytes: 4 },
    ]);
    expect(contents.map((bytes) => Buffer.from(bytes).toString())).toEqual(["", "the\n"]);
  });

  it("refuses a job whose file is not given, and says how to give it", () => {
    expect(() => readSideFiles("j.ts", ["stop.txt"], [])).toThrow(
      'Cannot run "j.ts": it reads the side file "stop.txt", which is not given; add --file stop.txt=PATH',
    );
    expect(() => readSideFiles("j.ts", ["stop.txt"], [{ name: "stop.tx", path: "x" }])).toThrow(
      'which is not given ("stop.tx" is); add',
    );
  });

  it.each([
    ["is not there", "E_INPUT_MISSING", () => join(directory, "gone")],
    ["is a directory", "E_INPUT_READ", () => (mkdirSync(join(directory, "d")), join(directory, "d"))],
    [
      "is too large",
      "E_TOO_LARGE",
      () => {
        const path = write("large", "");
        truncateSync(path, 64 * 1024 * 1024 + 1);
        return path;
      },
    ],
  ])("refuses a file that %s", (_what, code, pathOf) => {
    expect(() => readSideFiles("j.ts", [], [{ name: "f", path: pathOf() }])).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  it("refuses more than the files of a job may have in all", () => {
    const path = write("large", "");
    truncateSync(path, 64 * 1024 * 1024);
    const given = ["a", "b", "c", "d", "e"].map((name) => ({ name, path }));
    expect(() => readSideFiles("j.ts", [], given)).toThrow(expect.objectContaining({ code: "E_TOO_LARGE" }) as Error);
  });
});
