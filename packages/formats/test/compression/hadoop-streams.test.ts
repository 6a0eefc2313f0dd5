// Files of Hadoop's codecs, streamed in chunks of any size: what Hadoop wrote, and what is cut off or damaged.

import { ByteSink } from "@millrace/data";
import { describe, expect, it } from "vitest";
import { packBlockStream } from "../../src/compression/blocks/block-stream.ts";
import { fromBase64, hadoopText, hadoopTexts } from "../hadoop/golden.ts";
import { chunksOf, outcomeOf } from "./chunk-source.ts";
import { decompress } from "@millrace/formats/engine";

const codecs = ["zlib", "gzip", "snappy", "lz4"] as const;

describe.each(codecs)("decompress(%s)", (codec) => {
  const file = fromBase64(hadoopTexts[codec].text);

  it("reads what Hadoop wrote, also nothing, also one stream after the other", async () => {
    const empty = fromBase64(hadoopTexts[codec].empty);
    for (const size of [1, 2, 7, 4096]) {
      expect(await outcomeOf(codec, file, size)).toEqual({ text: hadoopText });
      expect(await outcomeOf(codec, empty, size)).toEqual({ text: "" });
      const twice = Buffer.concat([file, empty, file]);
      expect(await outcomeOf(codec, twice, size)).toEqual({ text: hadoopText + hadoopText });
    }
  });

  it("refuses a file that is cut off anywhere, with the place", async () => {
    for (let length = 1; length < file.length; length++) {
      const outcome = await outcomeOf(codec, file.subarray(0, length), 5);
      expect(outcome, `${length} bytes`).toMatchObject({ code: "E_INPUT_CORRUPT" });
      expect(outcome.offset, `${length} bytes`).toBeLessThanOrEqual(length);
    }
  });

  it("ends, whatever byte is wrong", async () => {
    for (let place = 0; place < file.length; place++) {
      const damaged = file.slice();
      damaged[place] = damaged[place]! ^ 0x41;
      const { code } = await outcomeOf(codec, damaged, 64);
      expect(["E_INPUT_CORRUPT", undefined]).toContain(code);
    }
  });
});

describe("decompress() of Hadoop's framing", () => {
  it("hints at the framing where a chunk's length cannot be", async () => {
    const outcome = await outcomeOf("snappy", Buffer.from("this is plain text"), 64);
    expect(outcome).toMatchObject({ code: "E_INPUT_CORRUPT", offset: 4 });
    expect(outcome.message).toContain("more than 16777216; is it in Hadoop's framing?");
  });

  it("gives chunks of at most 256 KiB", async () => {
    const sink = new ByteSink();
    const content = new Uint8Array(1_000_000).fill(65);
    packBlockStream("lz4", content, sink);
    let total = 0;
    for await (const chunk of decompress("lz4", chunksOf(sink.toBytes(), 1000), { uri: "file:///a" })) {
      expect(chunk.length).toBeLessThanOrEqual(262_144);
      total += chunk.length;
    }
    expect(total).toBe(content.length);
  });
});
