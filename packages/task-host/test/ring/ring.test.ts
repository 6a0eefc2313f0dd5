import { Worker } from "node:worker_threads";
import { MillraceError } from "@millrace/core";
import { describe, expect, it } from "vitest";
import {
  AsyncRingReader,
  AsyncRingWriter,
  SyncRingReader,
  SyncRingWriter,
  abandonRing,
  createRing,
} from "../../src/ring/ring.ts";
import type { RingMemory } from "../../src/ring/ring.ts";

const ringModule = new URL("../../src/ring/ring.ts", import.meta.url).href;

/** Run `body` (statements with `ring`, `Ring` in scope) in another thread; resolves with what it posts. */
async function inThread<T>(ring: RingMemory, body: string): Promise<T> {
  const source = `
    import { parentPort, workerData } from "node:worker_threads";
    const Ring = await import(workerData.module);
    const ring = workerData.ring;
    ${body}
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { ring, module: ringModule },
    execArgv: ["--conditions=millrace-source"],
  });
  return new Promise<T>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

const small = { chunkBytes: 8 * 1024, chunkCount: 2 };

describe("ring", () => {
  it("AsyncRingWriter to SyncRingReader in another thread carries every byte in order, also far more than fits", async () => {
    const ring = createRing(small);
    const total = 1_000_003;
    const read = inThread<{ bytes: number; sum: number }>(
      ring,
      `const reader = new Ring.SyncRingReader(ring); let bytes = 0, sum = 0;
       for (let chunk = reader.next(); chunk; chunk = reader.next()) for (const byte of chunk) sum = (sum * 31 + byte + bytes++) >>> 0;
       parentPort.postMessage({ bytes, sum });`,
    );
    const writer = new AsyncRingWriter(ring);
    let expected = 0;
    const data = Uint8Array.from({ length: total }, (_, index) => (index * 7) & 255);
    for (let index = 0; index < total; index += 1) expected = (expected * 31 + (data[index] ?? 0) + index) >>> 0;
    for (let from = 0; from < total; from += 5_001) await writer.write(data.subarray(from, from + 5_001));
    await writer.end();
    expect(await read).toEqual({ bytes: total, sum: expected });
  });

  it("SyncRingWriter in another thread to AsyncRingReader carries every byte", async () => {
    const ring = createRing(small);
    void inThread(
      ring,
      `const writer = new Ring.SyncRingWriter(ring); for (let i = 0; i < 300; i++) writer.write(new Uint8Array(1000).fill(i & 255)); writer.end(); parentPort.postMessage(0);`,
    );
    const reader = new AsyncRingReader(ring);
    let bytes = 0;
    for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) bytes += chunk.length;
    expect(bytes).toBe(300_000);
  });

  it("fail() is thrown with its code after the chunks before it", async () => {
    const ring = createRing(small);
    const writer = new AsyncRingWriter(ring);
    await writer.write(Uint8Array.of(1, 2, 3));
    await writer.fail(new MillraceError("E_INPUT_CORRUPT", 'Cannot read "x"'));
    const reader = new SyncRingReader(ring);
    expect([...(reader.next() ?? [])]).toEqual([1, 2, 3]);
    expect(() => reader.next()).toThrow(expect.objectContaining({ code: "E_INPUT_CORRUPT" }));
  });

  it("a failure with a message of 100,000 characters fits", async () => {
    const ring = createRing(small);
    await new AsyncRingWriter(ring).fail(new MillraceError("E_STORAGE", "\u0001".repeat(100_000)));
    expect(() => new SyncRingReader(ring).next()).toThrow(expect.objectContaining({ code: "E_STORAGE" }));
  });

  it("close() wakes a writer that waits for room", async () => {
    const ring = createRing(small);
    const writer = new AsyncRingWriter(ring);
    const written = writer.write(new Uint8Array(100_000));
    new SyncRingReader(ring).close();
    expect(await written).toBe(false);
  });

  it("close() wakes a writer thread that blocks", async () => {
    const ring = createRing(small);
    const wrote = inThread<boolean>(
      ring,
      `const writer = new Ring.SyncRingWriter(ring); parentPort.postMessage(writer.write(new Uint8Array(100000)));`,
    );
    const reader = new AsyncRingReader(ring);
    await reader.next();
    reader.close();
    expect(await wrote).toBe(false);
  });

  it("abandonRing() ends both sides that wait", async () => {
    const full = createRing(small);
    const written = new AsyncRingWriter(full).write(new Uint8Array(100_000));
    abandonRing(full);
    expect(await written).toBe(false);
    const empty = createRing(small);
    const read = new AsyncRingReader(empty).next();
    abandonRing(empty);
    await expect(read).rejects.toMatchObject({ code: "E_KILLED" });
  });

  it("end() of an empty ring is seen at once and stays", async () => {
    const ring = createRing(small);
    new SyncRingWriter(ring).end();
    const reader = new AsyncRingReader(ring);
    expect(await reader.next()).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
  });
});
