import { describe, expect, it } from "vitest";
import type { FileStatus } from "@millrace/ports";
import { childUri, findEach, findNamed, findOpened, refuseRoots, shownName } from "../../src/fs/named-files.ts";
import { memoryFiles } from "./memory-files.ts";

describe("childUri()", () => {
  it.each([
    ["hdfs:///", "a", "hdfs:///a"],
    ["hdfs://nn:8020/", "a", "hdfs://nn:8020/a"],
    ["hdfs://nn/dir", "a", "hdfs://nn/dir/a"],
    ["file:///", "", "file://"],
    ["file:///dir", "", "file:///dir"],
  ])("of %s and %j is %s", (directory, name, uri) => {
    expect(childUri(directory, name)).toBe(uri);
  });
});

describe("refuseRoots()", () => {
  it.each(["file:///", "file://localhost/", "hdfs:///", "hdfs://nn", "hdfs://nn:8020/", "webhdfs://nn:9870//"])(
    "refuses %s",
    (uri) => {
      expect(() => refuseRoots("remove", uri)).toThrow(/root|working directory/u);
    },
  );

  it("refuses what holds the working directory, however it is written", () => {
    expect(() => refuseRoots("remove", `file://localhost${process.cwd()}`)).toThrow(/working directory lies in it/u);
  });

  it("lets names in a root pass", () => {
    refuseRoots("remove", "hdfs:///data");
    refuseRoots("remove", "file:///no-such-directory");
  });
});

describe("findOpened()", () => {
  const storageOfThree = memoryFiles({ "/g/a": "1", "/g/sub/b": "2", "/g/sub/deep/c": "3" });
  const opened = async (text: string, matches: boolean): Promise<readonly string[]> => {
    const storage = await storageOfThree;
    const found = await findOpened(storage, text, { list: async (uri) => storage.list(uri), matches });
    return found.map(({ uri }) => uri);
  };

  it("gives what lies in a directory, and a file as itself", async () => {
    expect(await opened("mem:///g", false)).toEqual(["mem:///g/a", "mem:///g/sub"]);
    expect(await opened("mem:///g/a", false)).toEqual(["mem:///g/a"]);
  });

  it("opens directories that a pattern matches where they are to be opened", async () => {
    expect(await opened("mem:///g/*", false)).toEqual(["mem:///g/a", "mem:///g/sub"]);
    expect(await opened("mem:///g/*", true)).toEqual(["mem:///g/a", "mem:///g/sub/b", "mem:///g/sub/deep"]);
  });
});

// A call takes some 120,000 arguments; directories have more files.
it("findEach() and findOpened() take directories of more files than a call takes arguments", async () => {
  const storage = await memoryFiles({ "/g/a": "1" });
  const [file] = await storage.list("mem:///g");
  const many = Array.from({ length: 200_000 }, (): FileStatus => file!);
  const list = async (): Promise<readonly FileStatus[]> => many;
  const rows = await findEach(["mem:///g", "mem:///g/a", "mem:///g"], async (word) =>
    findOpened(storage, word, { list, matches: false }),
  );
  expect(rows).toHaveLength(400_001);
});

it("findEach() gives the code of a missing input for a name that is not there", async () => {
  const storage = await memoryFiles({});
  const asked = findEach(["mem:///none"], async (word) => (await findNamed(storage, word)).found);
  await expect(asked).rejects.toMatchObject({ code: "E_INPUT_MISSING" });
});

it("shownName() is a path for files of this machine and the URI for others", () => {
  expect(shownName("file:///a%20b")).toBe("/a b");
  expect(shownName("hdfs:///a%20b")).toBe("hdfs:///a%20b");
});
