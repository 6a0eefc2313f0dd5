import { describe, expect, it } from "vitest";
import { detectCodec, namesStreamCodec, namesUnsupportedCodec } from "../../src/plan/detect-codec.ts";

describe("detectCodec()", () => {
  it("takes a short head for plain data", () => {
    for (let length = 0; length < 3; length += 1)
      expect(detectCodec(new Uint8Array(length).fill(0x42), "mem:///x")).toEqual({ kind: "codec", codec: "none" });
  });

  it("knows a zstd file that begins with a skippable frame", () => {
    expect(detectCodec(Buffer.from("502a4d1800000000", "hex"), "mem:///x")).toEqual({ kind: "codec", codec: "zstd" });
  });

  it.each([
    ["the Snappy framing format", "a.sz"],
    ["lzo", "part-00000.lzo_deflate"],
    ["lzma", "a.LZMA"],
    ["brotli", "a.br"],
  ])("refuses %s by an ending, as it has no magic", (name, file) => {
    expect(detectCodec(Buffer.from("a"), `mem:///${file}`)).toEqual({ kind: "unsupported", name });
  });

  it("takes text for text, whatever an ending of a codec with magic says", () => {
    for (const file of ["a.gz", "a.bz2", "a.xz", "data.d/snappy"])
      expect(detectCodec(Buffer.from("BZh9 is how it begins"), `mem:///${file}`), file).toMatchObject({
        codec: "none",
      });
  });
});

describe("what names say", () => {
  it("is enough for a look, or for a guess", () => {
    expect(["a.xz", "a.ZIP", "b.lzo", "c.br", "a.b/c.Z"].filter((name) => !namesUnsupportedCodec(name))).toEqual([]);
    expect(["a.gz", "b.bz2", "c", "zip", "xz/a"].filter(namesUnsupportedCodec)).toEqual(["zip"]);
    expect(["a.gz", "a.zst", "b.snappy", "c.bz2", "d.log"].filter(namesStreamCodec)).toEqual([
      "a.gz",
      "a.zst",
      "b.snappy",
    ]);
  });
});
