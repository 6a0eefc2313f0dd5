import { crc32 } from "node:zlib";
import { createCommitOrder, manifestToText } from "@millrace/core";
import type { JobId } from "@millrace/core";
import { createMemoryStorage } from "@millrace/ports";
import type { Storage } from "@millrace/ports";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultyStorage } from "../src/faulty-storage.ts";
import { readText } from "../src/read-text.ts";
import { verifyOutput } from "../src/verify-output.ts";

const job = `job-${"0".repeat(25)}1` as JobId;
const contents: Readonly<Record<string, string>> = {
  "part-r-00000.jsonl": '{"a":1}\n{"a":2}\n',
  "part-r-00001.jsonl": "",
  "part-r-00002.jsonl": '{"a":1}\n{"a":3}\n',
};

async function put(storage: Storage, uri: string, bytes: Uint8Array): Promise<void> {
  const writer = await storage.create(uri, { replace: true });
  await writer.write(bytes);
  await writer.close();
}

/** Make an output that verifies. */
async function makeOutput(): Promise<Storage> {
  const storage = createMemoryStorage();
  const accepted = Object.values(contents).map((text, task) => ({
    attempt: { stage: 1, task, attempt: 0 },
    files: [
      {
        output: "",
        path: "x",
        bytes: text.length,
        records: text.split("\n").length - 1,
        crc32: crc32(Buffer.from(text)),
      },
    ],
  }));
  const order = createCommitOrder({
    job,
    name: "word-count",
    planHash: "hash",
    stagingUri: "mem:///s",
    outputUri: "mem:///out",
    overwrite: false,
    stages: [
      { kind: "map", outputs: [] },
      { kind: "reduce", outputs: [{ name: "", extension: "jsonl" }] },
    ],
    accepted,
    counters: { records: 4 },
  });
  for (const [name, text] of Object.entries(contents)) await put(storage, `mem:///out/${name}`, Buffer.from(text));
  await put(storage, "mem:///out/_SUCCESS", Buffer.from(order.manifestText));
  return storage;
}

async function bytesOf(storage: Storage, uri: string): Promise<Uint8Array> {
  return Buffer.from(await readText(storage, uri, 1_000_000));
}

describe("verifyOutput()", () => {
  it("counts what is right", async () => {
    const report = await verifyOutput(await makeOutput(), "mem:///out");
    expect(report).toMatchObject({ ok: true, parts: 3, bytes: 32, records: 4, problems: [] });
  });

  it("finds every flipped bit of every file", async () => {
    const storage = await makeOutput();
    for (const name of ["_SUCCESS", ...Object.keys(contents)]) {
      const uri = `mem:///out/${name}`;
      const bytes = await bytesOf(storage, uri);
      for (let bit = 0; bit < bytes.length * 8; bit += name === "_SUCCESS" ? 3 : 1) {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await put(storage, uri, flipped);
        expect((await verifyOutput(storage, "mem:///out")).ok, `${name} bit ${bit}`).toBe(false);
      }
      await put(storage, uri, bytes);
    }
    expect((await verifyOutput(storage, "mem:///out")).ok).toBe(true);
  });

  it("finds deletions, additions, swaps, truncations and extensions", async () => {
    type Change = (storage: Storage, name: string, other: string) => Promise<void>;
    const changes: Readonly<Record<string, Change>> = {
      delete: (storage, name) => storage.remove(`mem:///out/${name}`),
      add: (storage, name) => put(storage, `mem:///out/${name}.copy`, new Uint8Array(1)),
      "add below": (storage, name) => put(storage, `mem:///out/deep/${name}`, new Uint8Array(0)),
      "add hidden": (storage, name) => put(storage, `mem:///out/.${name}`, new Uint8Array(0)),
      swap: async (storage, name, other) => {
        const [a, b] = [await bytesOf(storage, `mem:///out/${name}`), await bytesOf(storage, `mem:///out/${other}`)];
        await put(storage, `mem:///out/${name}`, b);
        await put(storage, `mem:///out/${other}`, a);
      },
      truncate: async (storage, name) => {
        const bytes = await bytesOf(storage, `mem:///out/${name}`);
        await (bytes.length === 0
          ? storage.remove(`mem:///out/${name}`)
          : put(storage, `mem:///out/${name}`, bytes.slice(0, -1)));
      },
      extend: async (storage, name) => {
        const bytes = await bytesOf(storage, `mem:///out/${name}`);
        await put(storage, `mem:///out/${name}`, Buffer.concat([bytes, Buffer.from("\n")]));
      },
    };
    const files = Object.keys(contents);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(changes)),
        fc.constantFrom(...files),
        fc.nat({ max: 1 }),
        async (change, name, step) => {
          const storage = await makeOutput();
          const other = files[(files.indexOf(name) + 1 + step) % files.length] ?? name;
          await changes[change]?.(storage, name, other);
          const report = await verifyOutput(storage, "mem:///out");
          expect(report.ok).toBe(false);
          expect(report.problems.some((problem) => problem.name.includes(name))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("finds records that do not add up, though bytes do", async () => {
    const storage = await makeOutput();
    const parts = [{ name: "a.jsonl", output: "", bytes: 2, records: 5, crc32: crc32("1\n") }];
    const text = manifestToText({
      format: "millrace-manifest",
      version: 1,
      job,
      name: "n",
      planHash: "h",
      parts,
      counters: {},
    });
    await put(storage, "mem:///other/a.jsonl", Buffer.from("1\n"));
    await put(storage, "mem:///other/_SUCCESS", Buffer.from(text));
    expect((await verifyOutput(storage, "mem:///other")).problems).toEqual([
      { name: "a.jsonl", problem: "has 1 records, not 5" },
    ]);
  });

  it("says what an output without a manifest is", async () => {
    const storage = createMemoryStorage();
    await put(storage, "mem:///out/part", new Uint8Array(1));
    expect((await verifyOutput(storage, "mem:///out")).problems).toMatchObject([
      { name: "_SUCCESS", problem: /is not there/ },
    ]);
    await put(storage, "mem:///out/_SUCCESS", new Uint8Array(0));
    expect((await verifyOutput(storage, "mem:///out")).problems).toEqual([
      { name: "_SUCCESS", problem: "is no manifest" },
    ]);
    await expect(verifyOutput(storage, "mem:///none")).rejects.toMatchObject({ code: "E_STORAGE" });
  });

  it("takes a short read for what it is, and a failed one for a problem of its file", async () => {
    const storage = await makeOutput();
    const short = faultyStorage(storage, ({ method, uri }) =>
      method === "read" && uri.endsWith(".jsonl") ? { kind: "short", bytes: 5 } : undefined,
    );
    expect((await verifyOutput(short, "mem:///out")).ok).toBe(true);
    const failing = faultyStorage(storage, ({ method, uri }) =>
      method === "read" && uri.endsWith("00002.jsonl") ? { kind: "fail-before", reason: "denied" } : undefined,
    );
    expect((await verifyOutput(failing, "mem:///out")).problems).toMatchObject([
      { name: "part-r-00002.jsonl", problem: /cannot be read/ },
    ]);
  });
});
