import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import { ByteSink } from "@millrace/data";
import { gzip, jsonLines, textLines, textTable, zstd } from "@millrace/formats";
import { type OutputFormat, createOutput, outputFormatOf } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { writeBytes } from "../read-records.ts";
import { outcomeOf } from "./chunk-source.ts";

const codecs = [
  { codec: "gzip", wrap: gzip, extension: "gz", header: [0x1f, 0x8b, 8] },
  { codec: "zstd", wrap: zstd, extension: "zst", header: [0x28, 0xb5, 0x2f, 0xfd] },
] as const;

/** About 5 MiB: several members. */
const lines = Array.from(
  { length: 100_000 },
  (_, index) => `${index} ${"the quick brown fox jumps over the dog ".slice(index % 7)}`,
);
const text = lines.map((line) => `${line}\n`).join("");

async function unpackByEngine(codec: "gzip" | "zstd", bytes: Uint8Array): Promise<string> {
  const { text, code } = await outcomeOf(codec, bytes, 10_000);
  return code ?? text;
}

describe.each(codecs)("$codec()", ({ codec, wrap, extension, header }) => {
  it("writes what the engine's own input reads", async () => {
    const bytes = writeBytes(wrap(textLines()), lines);
    expect([...bytes.subarray(0, header.length)]).toEqual(header);
    expect(await unpackByEngine(codec, bytes)).toBe(text);
    expect(bytes.length).toBeLessThan(text.length / 2);
  });

  it("gives equal bytes for equal records", () => {
    expect(writeBytes(wrap(textLines()), lines)).toEqual(writeBytes(wrap(textLines()), lines));
  });

  it("hands on a member as soon as it is full, and holds no more", () => {
    const writer = outputFormatOf(wrap(textLines())).createWriter();
    const sink = new ByteSink();
    const line = "x".repeat(1023);
    for (let index = 0; index < 1023; index++) writer.write(line, sink);
    expect(sink.length).toBe(0);
    writer.write(line, sink);
    const afterOne = sink.length;
    expect(afterOne).toBeGreaterThan(0);
    writer.write(line, sink);
    expect(sink.length).toBe(afterOne);
  });

  it("writes an empty file that programs take for one", async () => {
    const bytes = writeBytes(wrap(textLines()), []);
    expect(bytes.length).toBeGreaterThan(0);
    expect(await unpackByEngine(codec, bytes)).toBe("");
  });

  it("names the file after both", () => {
    const format = outputFormatOf(wrap(jsonLines()));
    expect([format.name, format.extension]).toEqual([`json-lines.${extension}`, `jsonl.${extension}`]);
  });

  it("says nothing of its bytes that is so of the inner ones alone", () => {
    const told = Object.keys(outputFormatOf(wrap(textTable())));
    expect(told.filter((member) => !["name", "extension", "wire", "createWriter"].includes(member))).toEqual([]);
  });

  it("compresses what the inner writer puts before and after its records", async () => {
    const framed: OutputFormat<string> = {
      name: "framed",
      extension: "txt",
      createWriter: () => ({
        begin: (sink) => sink.writeText("["),
        write: (record, sink) => sink.writeText(record),
        finish: (sink) => sink.writeText("]"),
      }),
    };
    expect(await unpackByEngine(codec, writeBytes(wrap(createOutput(framed)), ["a", "b"]))).toBe("[ab]");
  });

  it("refuses a record above 64 MiB", () => {
    const big: OutputFormat<number> = {
      name: "big",
      extension: "txt",
      createWriter: () => ({ write: (bytes, sink) => sink.writeBytes(new Uint8Array(bytes)) }),
    };
    expect(() => writeBytes(wrap(createOutput(big)), [64 * 1024 * 1024 + 1])).toThrow(
      expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }),
    );
  });

  it.each([0, 1.5, -1, 100])("refuses level %s", (level) => {
    expect(() => wrap(textLines(), { level })).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });

  it("compresses better at a higher level", () => {
    expect(writeBytes(wrap(textLines(), { level: 9 }), lines).length).toBeLessThan(
      writeBytes(wrap(textLines(), { level: 1 }), lines).length,
    );
  });
});

describe("gzip()", () => {
  it("stores no time and no system", () => {
    expect([...writeBytes(gzip(textLines()), ["a"]).subarray(4, 10)]).toEqual([0, 0, 0, 0, 0, 255]);
  });

  it("is read by Node, which knows members", () => {
    expect(gunzipSync(writeBytes(gzip(textLines()), lines)).toString()).toBe(text);
  });

  it("is read by gzip -dc", () => {
    const out = execFileSync("gzip", ["-dc"], { input: writeBytes(gzip(textLines()), lines), maxBuffer: 2 ** 26 });
    expect(out.toString()).toBe(text);
  });
});
