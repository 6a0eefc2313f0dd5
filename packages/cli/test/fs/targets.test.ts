import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fsMoveCommand } from "../../src/commands/fs-change.ts";
import { fsPutCommand } from "../../src/commands/fs-copy.ts";

let directory = "";
const printed: string[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-fs-"));
  mkdirSync(join(directory, "notes"));
  writeFileSync(join(directory, "notes/a.txt"), "a");
  printed.length = 0;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

const at = (name: string): string => `${directory}/${name}`;
const put = async (from: string, to: string): Promise<number> => fsPutCommand([[at(from), at(to)]], {});
const move = async (from: string, to: string): Promise<number> => fsMoveCommand([at(from), at(to)], {});

describe("fsPutCommand()", () => {
  it("says where a copy went that lies in its target", async () => {
    await put("notes", "copy");
    expect(printed.at(-1)).toMatch(/ to .*\/copy\n$/u);
    await put("notes", "copy");
    expect(printed.at(-1)).toMatch(/ to .*\/copy\/notes\n$/u);
    expect(readdirSync(at("copy/notes"))).toEqual(["a.txt"]);
  });

  it("takes a final slash for a directory that must be there when a file is copied", async () => {
    await expect(put("notes/a.txt", "none/")).rejects.toMatchObject({
      code: "E_INPUT_MISSING",
      message: expect.stringMatching(/^Cannot copy ".*a\.txt" to ".*none\/": there is no such directory; /u) as string,
    });
    writeFileSync(at("file"), "");
    await expect(put("notes/a.txt", "file/")).rejects.toThrow("it is no directory");
    await put("notes", "new/");
    expect(readdirSync(directory)).toEqual(["file", "new", "notes"]);
  });

  it("copies an empty directory", async () => {
    mkdirSync(at("empty"));
    await put("empty", "copy");
    expect(readdirSync(at("copy"))).toEqual([]);
  });
});

describe("fsMoveCommand()", () => {
  it("names the old name that is not there", async () => {
    await expect(move("nope", "d4")).rejects.toMatchObject({
      code: "E_INPUT_MISSING",
      message: expect.stringMatching(/^Cannot rename ".*nope": there is no such file or directory; /u) as string,
    });
  });

  it("takes a final slash as copies do", async () => {
    await expect(move("notes/a.txt", "none/")).rejects.toThrow("there is no such directory");
    await move("notes", "new/");
    expect(readdirSync(directory)).toEqual(["new"]);
  });
});
