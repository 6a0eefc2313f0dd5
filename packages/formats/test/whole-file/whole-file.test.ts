import { wholeFile } from "@millrace/formats";
import { inputFormatOf } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

describe("wholeFile()", () => {
  it("gives the file's URI, bytes and text, which outlive the chunk", () => {
    const counters = new Map<string, number>();
    const reader = inputFormatOf(wholeFile()).createReader({ count: (name, by) => counters.set(name, by) });
    const chunk = new TextEncoder().encode("..a\nb\u00e9..");
    reader.begin?.({ uri: "file:///a", offset: 0 });
    const first = reader.read(chunk, 2, chunk.length - 2);
    reader.begin?.({ uri: "file:///b", offset: 0 });
    const second = reader.read(chunk, 0, 0);
    chunk.fill(0xff);
    expect(first).toMatchObject({
      uri: "file:///a",
      text: "a\nb\u00e9",
      bytes: new TextEncoder().encode("a\nb\u00e9"),
    });
    expect(second).toMatchObject({ uri: "file:///b", text: "", bytes: new Uint8Array(0) });
    expect(counters.size).toBe(0);
  });

  it("counts bytes that are no UTF-8 when the text is read, once", () => {
    const counters = new Map<string, number>();
    const reader = inputFormatOf(wholeFile()).createReader({ count: (name, by) => counters.set(name, by) });
    const file = reader.read(Uint8Array.of(0x61, 0xff), 0, 2) as { readonly text: string };
    expect(counters.size).toBe(0);
    expect([file.text, file.text]).toEqual(["a\ufffd", "a\ufffd"]);
    expect([...counters]).toEqual([["millrace.invalidUtf8Records", 1]]);
  });

  it("reads no part of a file by itself", () => {
    expect(inputFormatOf(wholeFile())).toMatchObject({ splitting: "none", framing: { kind: "whole-file" } });
  });
});
