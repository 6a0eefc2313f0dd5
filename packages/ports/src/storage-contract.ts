// What every Storage promises, as cases that any maker's tests run: each gets an empty directory of its own and rejects
// when a promise is broken. Free of any test framework.

import type { FileStatus, Storage } from "./storage.ts";
import { storageReason } from "./storage-error.ts";
import type { StorageReason } from "./storage-error.ts";

/** One promise of the port. */
export interface StorageCase {
  readonly name: string;
  /** Try it. @param base URI of an empty directory, without a final slash. Rejects when the promise is broken. */
  readonly run: (storage: Storage, base: string) => Promise<void>;
}

/** Every promise, in the order of the port's methods. */
export const storageContract: readonly StorageCase[] = [
  {
    name: "status() gives undefined for a name that nothing has",
    run: async (storage, base) => same(await storage.status(`${base}/none`), undefined),
  },
  {
    name: "create() makes a file with all its bytes and its parents",
    run: async (storage, base) => {
      await write(storage, `${base}/a/b/file`, "hello ", "world");
      same(await read(storage, `${base}/a/b/file`), "hello world");
      same((await storage.status(`${base}/a`))?.kind, "directory");
      same((await storage.status(`${base}/a/b/file`))?.bytes, 11);
      same(Number.isInteger((await storage.status(`${base}/a/b/file`))?.modifiedMs), true);
    },
  },
  {
    name: "create() shows nothing before close() and nothing after abort()",
    run: async (storage, base) => {
      const writer = await storage.create(`${base}/file`);
      await writer.write(bytes("half"));
      same(await storage.status(`${base}/file`), undefined);
      await writer.abort();
      same((await storage.list(base)).length, 0);
    },
  },
  {
    name: "create() refuses a name that exists and leaves it as it is",
    run: async (storage, base) => {
      await write(storage, `${base}/file`, "first");
      await refuses("exists", write(storage, `${base}/file`, "second"));
      await refuses("exists", write(storage, base, "directory"));
      same(await read(storage, `${base}/file`), "first");
    },
  },
  {
    name: "create() lets exactly one of two writers have the name",
    run: async (storage, base) => {
      const writers = [await storage.create(`${base}/file`), await storage.create(`${base}/file`)];
      for (const [index, writer] of writers.entries()) await writer.write(bytes(`writer ${index}`));
      const ended = await Promise.allSettled(writers.map((writer) => writer.close()));
      same(ended.filter(({ status }) => status === "fulfilled").length, 1);
      same(await read(storage, `${base}/file`), `writer ${ended.findIndex(({ status }) => status === "fulfilled")}`);
      same((await storage.list(base)).length, 1);
    },
  },
  {
    name: "create() with replace takes the place of a file",
    run: async (storage, base) => {
      await write(storage, `${base}/file`, "a longer first");
      const writer = await storage.create(`${base}/file`, { replace: true });
      await writer.write(bytes("second"));
      same(await writer.close(), 6);
      same(await read(storage, `${base}/file`), "second");
    },
  },
  {
    name: "create() refuses a name below a file",
    run: async (storage, base) => {
      await write(storage, `${base}/file`, "x");
      await refuses(undefined, write(storage, `${base}/file/below`, "y"));
    },
  },
  {
    name: "open() reads any range and is short only at the end",
    run: async (storage, base) => {
      await write(storage, `${base}/file`, "0123456789");
      const reader = await storage.open(`${base}/file`);
      const into = new Uint8Array(4);
      same(await reader.read(3, into), 4);
      same(text(into), "3456");
      same(await reader.read(8, into), 2);
      same(await reader.read(10, into), 0);
      same(await reader.read(99, into), 0);
      same(reader.status.bytes, 10);
      await reader.close();
    },
  },
  {
    name: "open() refuses what is missing or a directory",
    run: async (storage, base) => {
      await refuses("missing", storage.open(`${base}/none`));
      await refuses("invalid", storage.open(base));
    },
  },
  {
    name: "list() gives direct children and listBelow() all files, by URI bytes",
    run: async (storage, base) => {
      for (const name of ["b", "a.txt", "a/x", "a/y/z", "B"]) await write(storage, `${base}/${name}`, name);
      await storage.makeDirectory(`${base}/empty`);
      const names = (found: readonly FileStatus[]): string =>
        found.map(({ uri }) => uri.slice(base.length + 1)).join(" ");
      same(names(await storage.list(base)), "B a a.txt b empty");
      same(names(await storage.listBelow(base)), "B a.txt a/x a/y/z b");
      await refuses("missing", storage.list(`${base}/none`));
      await refuses("missing", storage.listBelow(`${base}/none`));
    },
  },
  {
    name: "list() and listBelow() leave out what is not kept, and ask of nothing below it",
    run: async (storage, base) => {
      for (const name of ["a", "_d/x", "_d/y/z", "d/_e/x", "d/f"]) await write(storage, `${base}/${name}`, name);
      const asked: string[] = [];
      const keep = (uri: string): boolean => {
        asked.push(uri.slice(base.length + 1));
        return !uri.slice(uri.lastIndexOf("/") + 1).startsWith("_");
      };
      const names = (found: readonly FileStatus[]): string =>
        found.map(({ uri }) => uri.slice(base.length + 1)).join(" ");
      same(names(await storage.list(base, { keep })), "a d");
      same(asked.splice(0).sort().join(" "), "_d a d");
      same(names(await storage.listBelow(base, { keep })), "a d/f");
      same(asked.sort().join(" "), "_d a d d/_e d/f");
    },
  },
  {
    name: "makeDirectory() makes parents and takes one that is there",
    run: async (storage, base) => {
      await storage.makeDirectory(`${base}/a/b`);
      await storage.makeDirectory(`${base}/a/b`);
      same((await storage.status(`${base}/a/b`))?.kind, "directory");
      await write(storage, `${base}/file`, "x");
      await refuses("exists", storage.makeDirectory(`${base}/file`));
    },
  },
  {
    name: "rename() moves a file, and a directory with all below it",
    run: async (storage, base) => {
      await write(storage, `${base}/from/a/file`, "x");
      await storage.rename(`${base}/from`, `${base}/to`);
      same(await storage.status(`${base}/from`), undefined);
      await storage.rename(`${base}/to/a/file`, `${base}/file`);
      same(await read(storage, `${base}/file`), "x");
      same((await storage.list(`${base}/to/a`)).length, 0);
    },
  },
  {
    name: "rename() refuses a target that exists, whatever it is",
    run: async (storage, base) => {
      await write(storage, `${base}/file`, "x");
      await write(storage, `${base}/other`, "y");
      await write(storage, `${base}/full/file`, "z");
      await storage.makeDirectory(`${base}/empty`);
      for (const from of ["file", "full"]) {
        for (const to of ["other", "empty"])
          await refuses("exists", storage.rename(`${base}/${from}`, `${base}/${to}`));
      }
      await refuses("exists", storage.rename(`${base}/empty`, `${base}/full`));
      same((await storage.listBelow(base)).length, 3);
      same(await read(storage, `${base}/other`), "y");
    },
  },
  {
    name: "rename() refuses a source or a target directory that is missing, and a target inside the source",
    run: async (storage, base) => {
      await write(storage, `${base}/dir/file`, "x");
      await refuses("missing", storage.rename(`${base}/none`, `${base}/to`));
      await refuses("missing", storage.rename(`${base}/dir`, `${base}/none/to`));
      await refuses("invalid", storage.rename(`${base}/dir`, `${base}/dir/inside`));
      same(await read(storage, `${base}/dir/file`), "x");
    },
  },
  {
    name: "rename() lets exactly one of two files have the name",
    run: async (storage, base) => {
      for (const name of ["a", "b"]) await write(storage, `${base}/${name}`, name);
      const ended = await Promise.allSettled(["a", "b"].map((name) => storage.rename(`${base}/${name}`, `${base}/to`)));
      same(ended.filter(({ status }) => status === "fulfilled").length, 1);
      same((await storage.list(base)).length, 2);
    },
  },
  {
    name: "publish() gives a directory its name, and refuses a target with content",
    run: async (storage, base) => {
      await write(storage, `${base}/staged/part`, "x");
      await write(storage, `${base}/out/old`, "y");
      await write(storage, `${base}/file`, "z");
      await refuses("exists", storage.publish(`${base}/staged`, `${base}/out`));
      await refuses("exists", storage.publish(`${base}/staged`, `${base}/file`));
      await storage.publish(`${base}/staged`, `${base}/new`);
      same(await read(storage, `${base}/new/part`), "x");
      same(await read(storage, `${base}/out/old`), "y");
      await refuses("missing", storage.publish(`${base}/staged`, `${base}/again`));
    },
  },
  {
    name: "remove() deletes a file, a directory with all below it, and nothing",
    run: async (storage, base) => {
      await write(storage, `${base}/dir/a/file`, "x");
      await write(storage, `${base}/dir2/file`, "y");
      await storage.remove(`${base}/dir`);
      await storage.remove(`${base}/dir2/file`);
      await storage.remove(`${base}/none`);
      same((await storage.listBelow(base)).length, 0);
      same((await storage.list(base)).length, 1);
    },
  },
  {
    name: "writeDenial() tells a directory from what is missing",
    run: async (storage, base) => {
      same(await storage.writeDenial(base), undefined);
      same((await storage.writeDenial(`${base}/none`))?.reason, "missing");
      await write(storage, `${base}/file`, "x");
      same((await storage.writeDenial(`${base}/file`))?.reason, "invalid");
    },
  },
  {
    name: "every method refuses a URI of another scheme",
    run: async (storage) => {
      await refuses("invalid", storage.status("other:///x"));
      await refuses("invalid", storage.create("other:///x"));
    },
  },
];

async function write(storage: Storage, uri: string, ...pieces: readonly string[]): Promise<void> {
  const writer = await storage.create(uri);
  for (const piece of pieces) await writer.write(bytes(piece));
  await writer.close();
}

async function read(storage: Storage, uri: string): Promise<string> {
  const reader = await storage.open(uri);
  const into = new Uint8Array(reader.status.bytes);
  await reader.read(0, into);
  await reader.close();
  return text(into);
}

async function refuses(reason: StorageReason | undefined, step: Promise<unknown>): Promise<void> {
  const thrown: unknown = await step.then(
    () => undefined,
    (error: unknown) => error,
  );
  const found = storageReason(thrown);
  if (found === undefined || (reason !== undefined && found !== reason))
    throw new Error(`expected a refusal with ${reason ?? "any reason"}, found ${found ?? String(thrown)}`, {
      cause: thrown,
    });
}

function same(found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}
