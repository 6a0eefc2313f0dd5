// Inputs and outputs of a storage that is not this machine's: through rings, with its errors.

import { gzipSync, zstdCompressSync } from "node:zlib";
import type { SplitPart } from "@millrace/core";
import { createMemoryStorage } from "@millrace/ports";
import type { FileReader, FileWriter, Storage, TaskExecutor } from "@millrace/ports";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createThreadExecutor } from "../../src/index.ts";
import { AttemptBench, runAttempt, startAttempt } from "./attempt-bench.ts";
import type { Ended } from "./attempt-bench.ts";

const memory = { slotBytes: 8 * 2 ** 20, heapBytes: 256 * 2 ** 20 };
const job =
  'export default defineJob({ name: "copy", input: textLines(), map: (line, emit) => emit([line]), output: textTable() });';

describe("attempts on network storage", () => {
  const bench = new AttemptBench();
  const files = createMemoryStorage();
  let onRead: (reader: FileReader) => FileReader = (reader) => reader;
  let onCreate: (writer: FileWriter) => FileWriter = (writer) => writer;
  const storage: Storage = new Proxy(files, {
    get: (target, name) => {
      if (name === "open") return async (uri: string) => onRead(await target.open(uri));
      if (name === "create") return async (uri: string) => onCreate(await target.create(uri));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  let executor: TaskExecutor;
  let path = "";
  beforeAll(() => {
    path = bench.job(job);
    executor = createThreadExecutor({ slots: 1, storage, memory });
  });
  afterAll(async () => {
    await executor.close();
    bench.remove();
  });

  const put = async (uri: string, bytes: Uint8Array): Promise<SplitPart> => {
    const writer = await files.create(uri);
    await writer.write(bytes);
    await writer.close();
    const status = await files.status(uri);
    return {
      uri,
      offset: 0,
      bytes: bytes.length,
      fileBytes: bytes.length,
      modifiedMs: status?.modifiedMs ?? 0,
      codec: "none",
    };
  };
  const read = async (uri: string): Promise<string> => {
    const reader = await files.open(uri);
    const bytes = new Uint8Array(reader.status.bytes);
    await reader.read(0, bytes);
    return new TextDecoder().decode(bytes);
  };
  let runs = 0;
  const runParts = async (parts: readonly SplitPart[]): Promise<{ readonly ended: Ended; readonly uri: string }> => {
    const uri = `mem:///out-${runs++}`;
    return { ended: await runAttempt(executor, bench.order({ job: path, parts, outputUri: uri })), uri };
  };
  const run = async (part: SplitPart): ReturnType<typeof runParts> => runParts([part]);
  const big = Array.from({ length: 300_000 }, (_, index) => `record number ${index}\n`).join("");

  it("reads a large file and writes one, byte for byte", async () => {
    const { ended, uri } = await run(await put("mem:///big", Buffer.from(big)));
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    const [file] = ended.result.files;
    expect(await read(`${uri}/${file?.path}`)).toBe(big);
    expect(file).toMatchObject({ bytes: big.length, records: 300_000 });
  });

  it("takes samples of a large file without reading all of it", async () => {
    const sorter = bench.job(
      'export default defineJob({ name: "s", input: textLines(), value: text(), map: (line, emit) => emit(line, ""), partition: millrace.sampledRanges(), reduce: (key, _values, emit) => emit(key), output: textLines() });',
    );
    const part = await put("mem:///sampled", Buffer.from(big.repeat(8)));
    let bytes = 0;
    onRead = (reader) => ({
      status: reader.status,
      read: async (offset, into) => {
        const count = await reader.read(offset, into);
        bytes += count;
        return count;
      },
      close: () => reader.close(),
    });
    const stages = (["sample", "map", "reduce"] as const).map((kind) => ({
      kind,
      tasks: 1,
      partitions: kind === "map" ? 2 : 0,
      reads: kind === "reduce" ? 1 : -1,
      outputs: [],
    }));
    const own = createThreadExecutor({ slots: 1, storage, memory });
    const ended = await runAttempt(own, bench.order({ job: sorter, parts: [part], stages, keysMax: 100, number: 50 }));
    await own.close();
    onRead = (reader) => reader;
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    expect(ended.result.sample?.length).toBe(100);
    // At each of 32 places the piece, and as far as a ring of four chunks that double looks ahead.
    expect(part.bytes).toBeGreaterThan(40_000_000);
    expect(bytes).toBeLessThan(32 * 2 ** 19);
  });

  it("reads no further behind a range than its last record needs", async () => {
    const part = await put("mem:///lines", Buffer.from("0123456789abcde\n".repeat(2 ** 18)));
    let bytes = 0;
    onRead = (reader) => ({
      status: reader.status,
      read: async (offset, into) => {
        const count = await reader.read(offset, into);
        bytes += count;
        return count;
      },
      close: () => reader.close(),
    });
    const { ended } = await run({ ...part, bytes: 2 ** 20 });
    onRead = (reader) => reader;
    expect(ended.kind).toBe("finished");
    // The range and one look ahead, which the last read in the range takes with it.
    expect(bytes).toBeLessThanOrEqual(2 ** 20 + 2 * 64 * 1024);
  });

  it("reads the records of a range only, and tells which bytes these were", async () => {
    const part = await put("mem:///range", Buffer.from("aa\nbb\ncc\n"));
    const { ended } = await run({ ...part, offset: 1, bytes: 4 });
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    expect(ended.result.consumed).toMatchObject({ records: 1, ranges: [{ begin: 3, end: 6 }] });
  });

  it("unpacks gzip", async () => {
    const part = await put("mem:///big.gz", gzipSync(big));
    const { ended, uri } = await run({ ...part, codec: "gzip" });
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    expect(await read(`${uri}/${ended.result.files[0]?.path}`)).toBe(big);
  });

  it.each([
    ["plain", big, (text: string) => Buffer.from(text)],
    ["gzip", big, (text: string) => gzipSync(text)],
    ["zstd", big, (text: string) => zstdCompressSync(text)],
    ["plain, of one byte", "x\n", () => Buffer.from("x")],
    ["bzip2", "", () => Buffer.from("425a683917724538509000000000", "hex")],
  ])("finds out that a file is %s, whatever its name", async (kind, text, pack) => {
    const part = await put(`mem:///found/${kind}.zip`, pack(text));
    const { ended, uri } = await run({ ...part, codec: "detect" });
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    expect(ended.result.consumed).toMatchObject({ ranges: [{ begin: 0, end: part.fileBytes }] });
    expect(await read(`${uri}/${ended.result.files[0]?.path}`)).toBe(text);
  });

  it("reads many small files in their order, and finds one that changes while it is read", async () => {
    const parts: SplitPart[] = [];
    for (let index = 0; index < 100; index += 1) {
      const bytes = index % 3 === 0 ? gzipSync(`file ${index}\n`) : Buffer.from(`file ${index}\n`);
      parts.push({ ...(await put(`mem:///many/${index}`, bytes)), codec: "detect" });
    }
    const { ended, uri } = await runParts(parts);
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    const texts = parts.map((_, index) => `file ${index}\n`);
    expect(await read(`${uri}/${ended.result.files[0]?.path}`)).toBe(texts.join(""));
    expect(ended.result.consumed).toMatchObject({
      records: 100,
      ranges: parts.map((part) => ({ uri: part.uri, begin: 0, end: part.fileBytes })),
    });
    onRead = (reader) => ({
      status: reader.status,
      close: () => reader.close(),
      read: async (offset, into) => {
        if (reader.status.uri === "mem:///many/50") {
          await files.remove("mem:///many/50");
          await put("mem:///many/50", Buffer.from("other 50\n"));
        }
        return reader.read(offset, into);
      },
    });
    expect((await runParts(parts)).ended).toMatchObject({ failure: { code: "E_INPUT_CHANGED" } });
    onRead = (reader) => reader;
  });

  it("refuses a file that is found to be of no codec that it reads, has changed, or is gone", async () => {
    const xz = { ...(await put("mem:///no", Buffer.from("fd377a585a00", "hex"))), codec: "detect" as const };
    expect((await run(xz)).ended).toMatchObject({
      failure: {
        code: "E_UNSUPPORTED_CODEC",
        message:
          'Cannot read "mem:///no": it is compressed with xz, which this version does not read; leave it out, or mend it',
      },
    });
    const small = { ...(await put("mem:///small", Buffer.from("a\n"))), codec: "detect" as const };
    for (const other of [{ modifiedMs: 999_999 }, { fileBytes: 3, bytes: 3 }, { uri: "mem:///gone" }])
      expect((await run({ ...small, ...other })).ended).toMatchObject({ failure: { code: "E_INPUT_CHANGED" } });
  });

  it("fails with E_INPUT_CHANGED when the file is another, or is replaced while it is read", async () => {
    const part = await put("mem:///replaced", Buffer.from(big));
    expect((await run({ ...part, modifiedMs: 999_999 })).ended).toMatchObject({ failure: { code: "E_INPUT_CHANGED" } });
    expect((await run({ ...part, uri: "mem:///gone" })).ended).toMatchObject({ failure: { code: "E_INPUT_CHANGED" } });
    onRead = (reader) => ({
      status: reader.status,
      close: () => reader.close(),
      read: async (offset, into) => {
        if (offset > 0) {
          await files.remove("mem:///replaced");
          await put("mem:///replaced", Buffer.from(big));
        }
        return reader.read(offset, into);
      },
    });
    expect((await run(part)).ended).toMatchObject({ failure: { code: "E_INPUT_CHANGED" } });
    onRead = (reader) => reader;
  });

  it("fails with E_INPUT_READ when a read fails, after the records before it", async () => {
    const part = await put("mem:///broken", Buffer.from(big));
    onRead = (reader) => ({
      status: reader.status,
      close: () => reader.close(),
      read: async (offset, into) => {
        if (offset > 0) throw new Error("cable");
        return reader.read(offset, into);
      },
    });
    expect((await run(part)).ended).toMatchObject({
      failure: { code: "E_INPUT_READ", message: expect.stringContaining("cable") },
    });
    onRead = (reader) => reader;
  });

  it("fails with E_OUTPUT_WRITE when storage takes no more, or tells another length", async () => {
    const part = await put("mem:///full", Buffer.from(big));
    onCreate = (writer) => ({ ...bound(writer), write: async () => Promise.reject(new Error("full")) });
    expect((await run(part)).ended).toMatchObject({
      failure: { code: "E_OUTPUT_WRITE", message: expect.stringContaining("full") },
    });
    onCreate = (writer) => ({ ...bound(writer), close: async () => (await writer.close()) - 1 });
    expect((await run(part)).ended).toMatchObject({
      failure: { code: "E_OUTPUT_WRITE", message: expect.stringContaining("storage holds") },
    });
    onCreate = (writer) => writer;
  });

  it("closes input and output of an attempt that is stopped in the middle", async () => {
    let open = 0;
    onRead = (reader) => {
      open += 1;
      return {
        status: reader.status,
        read: (offset, into) => reader.read(offset, into),
        close: async () => void (open -= 1),
      };
    };
    let created = 0;
    let aborted = 0;
    onCreate = (writer) => {
      created += 1;
      return { ...bound(writer), abort: async () => void (aborted += 1) };
    };
    const stuck = bench.job(
      'export default defineJob({ name: "stuck", input: textLines(), map: (line, emit) => { emit([line]); if (line.endsWith("150000")) for (;;); }, output: textTable() });',
    );
    const part = await put("mem:///stuck", Buffer.from(big));
    const order = bench.order({ job: stuck, parts: [part], outputUri: "mem:///stuck-out", number: 3 });
    const { ended, moved } = startAttempt(executor, order);
    await moved;
    await expect.poll(() => [open, created]).toEqual([1, 1]);
    executor.stop(order.attempt);
    expect((await ended).kind).toBe("stopped");
    await expect.poll(() => [open, aborted]).toEqual([0, 1]);
    onRead = (reader) => reader;
    onCreate = (writer) => writer;
  });

  it("aborts the output of an attempt that fails", async () => {
    const failing = bench.job(
      'export default defineJob({ name: "fail", input: textLines(), map: (line, emit) => { emit([line]); if (line.endsWith("99999")) throw new Error("no"); }, output: textTable() });',
    );
    const part = await put("mem:///fails", Buffer.from(big));
    const order = bench.order({ job: failing, parts: [part], outputUri: "mem:///failed", number: 2 });
    expect(await runAttempt(executor, order)).toMatchObject({ kind: "failed", failure: { code: "E_USER_CODE" } });
    await expect
      .poll(async () => ((await files.status("mem:///failed")) === undefined ? [] : files.listBelow("mem:///failed")))
      .toEqual([]);
  });
});

function bound(writer: FileWriter): FileWriter {
  return { write: (bytes) => writer.write(bytes), close: () => writer.close(), abort: () => writer.abort() };
}
