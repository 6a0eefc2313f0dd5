import { gzipSync, zstdCompressSync } from "node:zlib";
import { detectCodec } from "@millrace/formats/engine";
import { describe, expect, it } from "vitest";

const text = new TextEncoder().encode("plain text of a log");

describe("detectCodec()", () => {
  it.each<[string, string, Uint8Array, string]>([
    ["gzip by its bytes", "file:///a.gz", gzipSync("a"), "gzip"],
    ["gzip under another name", "file:///a.log", gzipSync("a"), "gzip"],
    ["zstd by its bytes", "file:///a", zstdCompressSync("a"), "zstd"],
    ["a skippable frame first", "file:///a.zst", Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 0, 0, 0, 0), "zstd"],
    ["plain text", "file:///a.log", text, "none"],
    ["plain text named .gz", "file:///a.gz", text, "none"],
    ["an empty file", "file:///a.gz", new Uint8Array(0), "none"],
    ["text that begins as bzip2 does", "file:///a.txt", new TextEncoder().encode("BZh9 is how it begins"), "none"],
    ["a name without ending", "file:///data.d/bz2", text, "none"],
  ])("finds %s", (_what, uri, head, codec) => {
    expect(detectCodec(uri, head.subarray(0, 16))).toBe(codec);
  });

  it.each<[string, string, readonly number[]]>([
    ["bzip2", "file:///a", [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
    ["bzip2", "file:///a", [0x42, 0x5a, 0x68, 0x31, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90]],
    ["xz", "file:///a", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
    ["lz4", "file:///a", [0x04, 0x22, 0x4d, 0x18]],
    ["snappy", "file:///a", [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]],
    ["lzo", "file:///a", [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a]],
    ["zip", "file:///a", [0x50, 0x4b, 0x03, 0x04]],
    ["compress", "file:///a", [0x1f, 0x9d]],
    ["bzip2", "file:///a.bz2", [0x61]],
    ["xz", "file:///a.XZ", [0x61]],
    ["lzo", "file:///part-00000.lzo_deflate", [0x61]],
    ["snappy", "file:///part-00000.snappy", [0x61]],
    ["compress", "file:///a.Z", [0x61]],
    ["brotli", "file:///a.br", [0x61]],
  ])("refuses %s by name (%s)", (codec, uri, head) => {
    expect(() => detectCodec(uri, Uint8Array.from(head))).toThrow(
      expect.objectContaining({
        code: "E_UNSUPPORTED_CODEC",
        details: { uri, codec },
        message: expect.stringContaining(`${codec} is not read by this version`) as string,
      }),
    );
  });
});
