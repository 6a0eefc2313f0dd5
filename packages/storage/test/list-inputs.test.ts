import { execFileSync } from "node:child_process";
import { chmodSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { join } from "node:path";
import { limits } from "@millrace/core";
import { createMemoryStorage } from "@millrace/ports";
import type { Storage } from "@millrace/ports";
import { describe, expect, it, onTestFinished } from "vitest";
import { matchNames } from "../src/expand-pattern.ts";
import { faultyStorage } from "../src/faulty-storage.ts";
import { inputUriOf, outputUriOf, pathOfUri, uriOfPath } from "../src/file-uris.ts";
import { listInputs } from "../src/list-inputs.ts";
import { createLocalStorage } from "../src/local-storage.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

async function fill(
  storage: Storage,
  base: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const writer = await storage.create(`${base}/${name}`);
    await writer.write(typeof content === "string" ? Buffer.from(content) : content);
    await writer.close();
  }
}

/** List and give names below the base, sorted. */
async function names(storage: Storage, base: string, patterns: readonly string[]) {
  const listed = await listInputs(
    storage,
    patterns.map((pattern) => `${base}/${pattern}`),
  );
  return { ...listed, files: listed.files.map(({ uri }) => uri.slice(base.length + 1)).sort() };
}

const tree = {
  "2023/12/a.log": "x",
  "2024/01/a.log": "x",
  "2024/01/b.txt": "x",
  "2024/02/a.log": "x",
  "2024/02/_temporary/part": "x",
  "2024/02/.hidden": "x",
  _SUCCESS: "x",
  "b[1].log": "x",
  "ümläut.log": "x",
};

async function makeTree(): Promise<{ readonly storage: Storage; readonly base: string }> {
  const storage = createMemoryStorage();
  const files = Object.entries(tree).map(([name, content]) => [
    encodeURI(name).replaceAll("[", "%5B").replaceAll("]", "%5D"),
    content,
  ]);
  await fill(storage, "mem:///logs", Object.fromEntries(files));
  return { storage, base: "mem:///logs" };
}

describe("listInputs()", () => {
  it.each([
    ["2024/01/a.log", ["2024/01/a.log"], 0],
    ["2024", ["2024/01/a.log", "2024/01/b.txt", "2024/02/a.log"], 2],
    ["2024/*", ["2024/01/a.log", "2024/01/b.txt", "2024/02/a.log"], 2],
    ["2024/*/*.log", ["2024/01/a.log", "2024/02/a.log"], 0],
    ["*/*/a.log", ["2023/12/a.log", "2024/01/a.log", "2024/02/a.log"], 0],
    ["**/a.log", ["2023/12/a.log", "2024/01/a.log", "2024/02/a.log"], 1],
    ["2024/0[2-9]/*.log", ["2024/02/a.log"], 0],
    ["2024/0[!1]/*.log", ["2024/02/a.log"], 0],
    ["2024/0{1,3}/*", ["2024/01/a.log", "2024/01/b.txt"], 0],
    ["{2023/12,2024/02}/a.log", ["2023/12/a.log", "2024/02/a.log"], 0],
    ["2024/0?/?.log", ["2024/01/a.log", "2024/02/a.log"], 0],
    ["b%5B1%5D.log", ["b%5B1%5D.log"], 0],
    ["b%5B*.log", ["b%5B1%5D.log"], 0],
    ["?ml%C3%A4ut.log", ["%C3%BCml%C3%A4ut.log"], 0],
    ["2024/02/_temporary/part", ["2024/02/_temporary/part"], 0],
    ["2024/02/_*/part", ["2024/02/_temporary/part"], 0],
  ])("expands %s", async (pattern, files, skipped) => {
    const { storage, base } = await makeTree();
    expect(await names(storage, base, [pattern])).toMatchObject({ files, skipped, unmatched: [] });
  });

  it("names the patterns that match nothing", async () => {
    const { storage, base } = await makeTree();
    const listed = await names(storage, base, ["2024", "none", "2025/*", "2024/01/*.gz"]);
    expect(listed.unmatched).toEqual([`${base}/none`, `${base}/2025/*`, `${base}/2024/01/*.gz`]);
  });

  it("takes an empty directory as an input of no files", async () => {
    const storage = createMemoryStorage();
    await storage.makeDirectory("mem:///empty");
    expect(await listInputs(storage, ["mem:///empty"])).toEqual({ files: [], skipped: 0, unmatched: [], refused: [] });
  });

  it.each([
    ["logs/**/*.log", ["logs/2024/a.log", "logs/2024/b.log"]],
    ["logs/**", ["logs/2024/a.log", "logs/2024/b.log"]],
    ["logs/**/*", ["logs/2024/a.log", "logs/2024/b.log"]],
    ["logs/**/2*", ["logs/2024/a.log", "logs/2024/b.log"]],
    ["**/a.log", ["logs/2024/a.log"]],
    ["logs/*/a.log", ["logs/2024/a.log", "logs/current/a.log"]],
    ["logs/current", ["logs/current/a.log", "logs/current/b.log"]],
    ["logs/current/**/*.log", ["logs/current/a.log", "logs/current/b.log"]],
    ["logs/**/current/a.log", ["logs/current/a.log"]],
    ["logs/**/cur*/a.log", ["logs/current/a.log"]],
    ["logs/**/current", ["logs/current/a.log", "logs/current/b.log"]],
  ])("follows a link to a directory that is named or matched, but not for a `**`: %s", async (pattern, files) => {
    const directory = temporaryDirectory();
    const storage = createLocalStorage();
    await fill(storage, uriOfPath(directory), { "logs/2024/a.log": "x" });
    symlinkSync("a.log", join(directory, "logs/2024/b.log"));
    symlinkSync("2024", join(directory, "logs/current"));
    symlinkSync(".", join(directory, "logs/self"));
    expect(await names(storage, uriOfPath(directory), [pattern])).toMatchObject({ files, unmatched: [] });
  });

  it("gives a file once that two patterns match", async () => {
    const { storage, base } = await makeTree();
    expect((await names(storage, base, ["2023", "2023/12/*.log"])).files).toEqual(["2023/12/a.log"]);
  });

  it("finds compression by magic, whatever the name, by ending where it has none, and refuses others by name", async () => {
    const storage = createMemoryStorage();
    await fill(storage, "mem:///in", {
      "plain.gz": "not packed",
      "packed.txt": gzipSync("x"),
      "b.zst": zstdCompressSync("x"),
      "c.bz2": Buffer.from("425a6839314159265359", "hex"),
      "d.xz": Buffer.from("fd377a585a0000", "hex"),
      "e.lz4": Buffer.from("04224d1864", "hex"),
      "f.snappy": "raw",
      "g.lz4": "raw",
      "h.deflate": Buffer.from("789c", "hex"),
      "i.sz": "raw",
      "j.snappy": "SEQ\x06 says itself how it is compressed",
      "BZh.txt": "BZh is how it begins",
      empty: "",
    });
    const listed = await listInputs(storage, ["mem:///in"]);
    expect(Object.fromEntries(listed.files.map(({ uri, codec }) => [uri.slice(10), codec]))).toEqual({
      "BZh.txt": "none",
      "plain.gz": "none",
      "packed.txt": "gzip",
      "b.zst": "zstd",
      "c.bz2": "bzip2",
      "f.snappy": "snappy",
      "g.lz4": "lz4",
      "h.deflate": "zlib",
      "j.snappy": "none",
      empty: "none",
    });
    const refused = listed.refused.map(({ reason }) => /with (.+),/.exec(reason)?.[1] ?? "");
    expect(refused.toSorted()).toEqual(["the LZ4 frame format", "the Snappy framing format", "xz"]);
  });

  it("refuses a FIFO without hanging and a link to nothing, and counts names that are no UTF-8", async () => {
    const directory = temporaryDirectory();
    execFileSync("mkfifo", [join(directory, "fifo")]);
    symlinkSync("nowhere", join(directory, "link"));
    symlinkSync("loop", join(directory, "loop"));
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/bad`), Buffer.from([0xff])]), "x");
    const storage = createLocalStorage();
    await fill(storage, uriOfPath(directory), { good: "x" });
    const listed = await listInputs(storage, [uriOfPath(directory)]);
    expect(listed).toMatchObject({ files: [{ uri: uriOfPath(join(directory, "good")) }], skipped: 1 });
    const [pipe, link] = ["it is a pipe, ", "it is a link to nothing: "].map((text) => expect.stringContaining(text));
    expect(listed.refused).toMatchObject([
      { uri: uriOfPath(join(directory, "fifo")), code: "E_INPUT_READ", reason: pipe },
      { uri: uriOfPath(join(directory, "link")), code: "E_INPUT_READ", reason: link },
      { uri: uriOfPath(join(directory, "loop")), code: "E_INPUT_READ", reason: link },
    ]);
  });

  it("refuses a file whose URI or time no message carries, opened or not", async () => {
    const storage = createMemoryStorage({ nowMs: () => 1e17 });
    await fill(storage, "mem:///in", { a: "x" });
    const name = `mem:///old/${"n".repeat(limits.uriCharactersMax - 11)}`;
    const dated = createMemoryStorage({ nowMs: () => -1 });
    await fill(dated, "mem:///old", { [name.slice(11)]: "x", [`${name.slice(11)}n`]: "x" });
    for (const wholeBelowBytes of [0, 1_000]) {
      expect(await listInputs(storage, ["mem:///in"], { wholeBelowBytes })).toMatchObject({
        files: [],
        refused: [{ uri: "mem:///in/a", code: "E_INPUT_READ", reason: expect.stringContaining("(touch it)") }],
      });
      expect(await listInputs(dated, ["mem:///old"], { wholeBelowBytes })).toMatchObject({
        files: [{ uri: name, modifiedMs: -1 }],
        refused: [{ uri: `${name}n`, code: "E_INPUT_READ", reason: expect.stringContaining("has 8001 characters") }],
      });
    }
  });

  it("refuses a file that may not be read, and fails when storage does", async () => {
    const storage = createMemoryStorage();
    await fill(storage, "mem:///in", { a: "x", b: "x" });
    const deny = faultyStorage(storage, ({ method, uri }) =>
      method === "open" && uri.endsWith("/a") ? { kind: "fail-before", reason: "denied" } : undefined,
    );
    expect((await listInputs(deny, ["mem:///in"])).refused).toEqual([
      { uri: "mem:///in/a", reason: "a fault was asked for", code: "E_INPUT_READ" },
    ]);
    const silent = faultyStorage(storage, ({ method }) => (method === "open" ? { kind: "fail-after" } : undefined));
    await expect(listInputs(silent, ["mem:///in"])).rejects.toMatchObject({ details: { reason: "unknown" } });
  });

  it.each(["in", "in/*", "in/*/*"])("leaves out a directory that vanishes while it lists: %s", async (pattern) => {
    const directory = temporaryDirectory();
    const storage = createLocalStorage();
    const base = uriOfPath(directory);
    await fill(storage, base, { "in/0": "x", "in/a/1": "x", "in/b/1": "x" });
    const onFound = (): void => rmSync(join(directory, "in/b"), { recursive: true, force: true });
    const listed = await listInputs(storage, [`${base}/${pattern}`], { onFound });
    expect(listed.files.map(({ uri }) => uri)).toContain(`${base}/in/a/1`);
    expect(listed).toMatchObject({ refused: [], unmatched: [] });
  });

  it("names the directory that may not be listed, and needs no access to a hidden one", async () => {
    const directory = temporaryDirectory();
    const storage = createLocalStorage();
    const base = uriOfPath(directory);
    await fill(storage, base, { "in/a/b/1": "x", "in/_hid/1": "x", "in/1": "x" });
    await fill(storage, base, { "open/1": "x", "open/_hid/1": "x" });
    for (const name of ["in/a/b", "in/_hid", "open/_hid"]) chmodSync(join(directory, name), 0);
    const list = (pattern: string) => asNobody(directory, () => listInputs(storage, [`${base}/${pattern}`]));
    expect(await list("open")).toMatchObject({ files: [{ uri: `${base}/open/1` }], skipped: 1 });
    for (const pattern of ["in", "in/*", "in/*/*"])
      await expect(list(pattern)).rejects.toMatchObject({ details: { uri: `${base}/in/a/b`, reason: "denied" } });
  });

  it("ranks hosts by the bytes that they hold, with its blocks in order and each host of one once", async () => {
    const MiB = 2 ** 20;
    const storage = createMemoryStorage({ blockBytes: 4 * MiB });
    await fill(storage, "mem:///in", { a: new Uint8Array(10 * MiB) });
    const located: Storage = {
      ...bound(storage),
      locate: async () => [
        { offset: 4 * MiB, bytes: 4 * MiB, hosts: ["h2", "h3"], racks: ["/r1", "/r2"] },
        { offset: 0, bytes: 4 * MiB, hosts: ["h1", "h2", "h1"], racks: ["/r1", "/r1", "/r1"] },
        { offset: 8 * MiB, bytes: 2 * MiB, hosts: ["h3", "h1"], racks: ["/r2", "/r1"] },
      ],
    };
    const [file] = (await listInputs(located, ["mem:///in/a"])).files;
    expect(file?.hosts).toEqual(["h2", "h1", "h3"]);
    expect(file?.blocks?.map(({ offset }) => offset)).toEqual([0, 4 * MiB, 8 * MiB]);
    expect(file?.blocks?.[0]).toMatchObject({ hosts: ["h1", "h2"], racks: ["/r1", "/r1"] });
  });

  it("asks for no hosts of small files, which are packed without regard to them", async () => {
    const storage = createMemoryStorage({ blockBytes: 4 });
    await fill(storage, "mem:///in", { a: "0123456789" });
    let asked = 0;
    const located: Storage = {
      ...bound(storage),
      locate: async () => {
        asked += 1;
        return [];
      },
    };
    expect((await listInputs(located, ["mem:///in"])).files[0]).toMatchObject({ bytes: 10, hosts: [] });
    expect(asked).toBe(0);
  });
});

/** Act as somebody who may enter a directory, but nothing that is closed to all: root may enter that too. */
async function asNobody<Result>(directory: string, act: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return act();
  chmodSync(directory, 0o755);
  process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

/** Let an input have fewer files, for one test. */
function allowFiles(count: number): void {
  const bounds: { inputFilesMax: number } = limits;
  const before = bounds.inputFilesMax;
  bounds.inputFilesMax = count;
  onTestFinished(() => {
    bounds.inputFilesMax = before;
  });
}

describe("listInputs() at the bound of files", () => {
  const numbered = (directory: string, count: number): Readonly<Record<string, string>> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${directory}/${index}`, "x"]));

  it.each(["in", "in/*", "in/**"])("does not count what is hidden: %s", async (pattern) => {
    allowFiles(3);
    const storage = createLocalStorage();
    const base = uriOfPath(temporaryDirectory());
    const files = { "2024/x.txt": "x", ...numbered("_archive", 5), ...numbered("z/.old", 5), ...numbered("z", 2) };
    await fill(storage, `${base}/in`, files);
    const found = ["in/2024/x.txt", "in/z/0", "in/z/1"];
    expect(await names(storage, base, [pattern])).toMatchObject({ files: found, skipped: 2, refused: [] });
  });

  it.each(["in", "in/*", "in/*/*", "in/**"])("refuses one file more than it allows: %s", async (pattern) => {
    allowFiles(3);
    const storage = createLocalStorage();
    const base = uriOfPath(temporaryDirectory());
    await fill(storage, base, { ...numbered("in/a", 2), ...numbered("in/b", 2) });
    expect(await listInputs(storage, [`${base}/${pattern}`])).toMatchObject({
      files: [],
      refused: [{ uri: `${base}/${pattern}`, code: "E_TOO_LARGE", reason: "it has more than 3 files or names" }],
    });
    await expect(matchNames(storage, `${base}/in/*/*`)).rejects.toMatchObject({ code: "E_TOO_LARGE" });
    await expect(storage.listBelow(base)).rejects.toMatchObject({ code: "E_TOO_LARGE" });
  });
});

describe("listInputs() with many small files", () => {
  const manyOf = async (count: number): Promise<{ readonly storage: Storage; readonly opened: string[] }> => {
    const inner = createMemoryStorage();
    const names = Array.from({ length: count }, (_, index) => String(index).padStart(5, "0"));
    await fill(inner, "mem:///in", Object.fromEntries(names.map((name) => [name, gzipSync(name)])));
    const opened: string[] = [];
    const storage = faultyStorage(inner, ({ method, uri }) => {
      if (method === "open") opened.push(uri.slice(10));
      return undefined;
    });
    return { storage, opened };
  };
  const options = { wholeBelowBytes: 1_000 };

  it("opens all of few, and of many some that lie far apart", async () => {
    const few = await manyOf(32);
    const listed = await listInputs(few.storage, ["mem:///in"], options);
    expect(listed.files.every(({ codec }) => codec === "gzip")).toBe(true);
    expect(few.opened.length).toBe(32);
    const many = await manyOf(3_200);
    const { files } = await listInputs(many.storage, ["mem:///in"], options);
    expect(many.opened).toEqual(Array.from({ length: 32 }, (_, index) => String(index * 100).padStart(5, "0")));
    expect(files.length).toBe(3_200);
    const codecs = new Set(files.filter(({ uri }) => !many.opened.includes(uri.slice(10))).map(({ codec }) => codec));
    expect([...codecs]).toEqual(["detect"]);
  });

  it("tells the same of them whatever the order of the patterns", async () => {
    const { storage } = await manyOf(200);
    const patterns = ["mem:///in/000*", "mem:///in/001*"];
    const listed = await listInputs(storage, patterns, options);
    expect(await listInputs(storage, patterns.toReversed(), options)).toEqual(listed);
  });

  it("opens each that may be cut, or whose name says that it is not read", async () => {
    const { storage, opened } = await manyOf(200);
    await fill(storage, "mem:///in", { large: "x".repeat(1_000), "zz.xz": Buffer.from("fd377a585a0000", "hex") });
    const { refused, files } = await listInputs(storage, ["mem:///in"], options);
    expect(refused).toMatchObject([{ uri: "mem:///in/zz.xz", reason: expect.stringContaining("xz") }]);
    expect(files.find(({ uri }) => uri === "mem:///in/large")?.codec).toBe("none");
    expect(opened).toEqual(expect.arrayContaining(["large", "zz.xz"]));
  });

  it("tells how many files are found while it lists", async () => {
    const directory = temporaryDirectory();
    const storage = createLocalStorage();
    await fill(storage, uriOfPath(directory), { "a/1": "x", "a/2": "x", "b/1": "x", "b/c/1": "x", "b/c/2": "x" });
    const told: number[] = [];
    const onFound = (files: number): void => void told.push(files);
    await listInputs(storage, [`${uriOfPath(directory)}/a/*`, `${uriOfPath(directory)}/b`], { ...options, onFound });
    expect(told).toEqual([1, 2, 3, 5]);
  });
});

/** The methods of a storage as properties, so that one can be replaced. */
function bound(storage: Storage): Storage {
  return faultyStorage(storage, () => undefined);
}

describe("file URIs", () => {
  it.each(["/", "/a b", "/a%20b", "/a#b?c", "/ä/🎉", "/a:b=c,d", "/a*b", "/a(b)!'"])("keep the path %j", (path) => {
    expect(pathOfUri(uriOfPath(path))).toBe(path);
    expect(uriOfPath(path)).not.toMatch(/[ #?*[\]{}]/);
  });

  it.each([
    "file:///a/../b",
    "file:///a%2fb",
    "file:///a%00",
    "file:///%ff",
    "file://host/a",
    "hdfs:///a",
    "file:///a?b",
  ])("refuse %s", (uri) => {
    expect(() => pathOfUri(uri)).toThrow(expect.objectContaining({ code: "E_STORAGE" }));
  });

  it("come from what a user types", async () => {
    const directory = temporaryDirectory();
    const storage = createLocalStorage();
    await fill(storage, uriOfPath(directory), { [encodeURIComponent("really*[1].log").replace("*", "%2A")]: "x" });
    expect(await inputUriOf("really*[1].log", directory)).toBe(`${uriOfPath(directory)}/really%2A%5B1%5D.log`);
    expect(await inputUriOf("other *.log", directory)).toBe(`${uriOfPath(directory)}/other%20*.log`);
    expect(await inputUriOf("./a b/../x*/./y?", "/data/[1] {a}")).toBe("file:///data/%5B1%5D%20%7Ba%7D/x*/y?");
    expect(await inputUriOf("[^ä]{b,c d}", "/data")).toBe("file:///data/[!%C3%A4]{b,c%20d}");
    expect(await inputUriOf("../x*", "/data/in")).toBe("file:///data/x*");
    expect(await inputUriOf("/*/x", directory)).toBe("file:///*/x");
    expect(await inputUriOf("*", "/")).toBe("file:///*");
    await expect(inputUriOf("a*/../b", directory)).rejects.toThrow("goes up after a wildcard");
    expect(await inputUriOf("hdfs://ns/a/", directory)).toBe("hdfs://ns/a");
    expect(await inputUriOf("file:///", directory)).toBe("file:///");
    expect(outputUriOf("./out/", "/data")).toBe("file:///data/out");
    expect(outputUriOf("../out*", "/data/x")).toBe("file:///data/out%2A");
  });

  it.each([
    ["hdfs:/user/ada/a.txt", "hdfs:///user/ada/a.txt"],
    ["HDFS:/user/ada/", "hdfs:///user/ada"],
    ["hdfs:/", "hdfs:///"],
    ["webhdfs:/a", "webhdfs:///a"],
    ["swebhdfs:/a", "swebhdfs:///a"],
    ["file:/tmp/a%20b", "file:///tmp/a%20b"],
    ["./hdfs:/a", "file:///data/hdfs:/a"],
    ["s3:/a", "file:///data/s3:/a"],
  ])("take %s with one slash as Hadoop does", async (text, uri) => {
    expect(outputUriOf(text, "/data")).toBe(uri);
    expect(await inputUriOf(text, "/data")).toBe(uri);
  });

  it("refuse no text at all, which would be the working directory", async () => {
    const refusal = { code: "E_USAGE", message: expect.stringContaining("is a shell variable unset?") };
    expect(() => outputUriOf("", "/data")).toThrow(expect.objectContaining(refusal));
    await expect(inputUriOf("", "/data")).rejects.toMatchObject(refusal);
    expect(outputUriOf(".", "/data")).toBe("file:///data");
  });

  it("keep the wildcards after one slash", async () => {
    expect(await inputUriOf("hdfs:/logs/*.gz", "/data")).toBe("hdfs:///logs/*.gz");
  });

  it.each(["hdfs:user/a", "file:a", "webhdfs:", "swebhdfs:a"])("refuse %s, and say what to write", async (text) => {
    const [scheme, path] = text.split(":");
    const message = expect.stringContaining(`write "${scheme}:///${path}", or "./${text}"`);
    expect(() => outputUriOf(text, "/data")).toThrow(expect.objectContaining({ code: "E_STORAGE", message }));
    await expect(inputUriOf(text, "/data")).rejects.toMatchObject({ code: "E_STORAGE", message });
  });
});

describe("matchNames()", () => {
  it.each([
    ["2024/*", ["2024/01", "2024/02"]],
    ["2024/**", ["2024/01", "2024/02"]],
    ["20*/{01,12}", ["2023/12", "2024/01"]],
    ["**/a.log", ["2023/12/a.log", "2024/01/a.log", "2024/02/a.log"]],
    ["2024/02/*", ["2024/02/a.log"]],
    ["2025/*", []],
  ])("of %s gives what has such names, not what lies below", async (pattern, expected) => {
    const { storage, base } = await makeTree();
    const found = await matchNames(storage, `${base}/${pattern}`);
    expect(found.map(({ uri }) => uri.slice(base.length + 1)).sort()).toEqual(expected);
  });
});
