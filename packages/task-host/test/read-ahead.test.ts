import { describe, expect, it } from "vitest";
import type { PlannedPart } from "../src/compute/io-messages.ts";
import { hostLimits } from "../src/host-limits.ts";
import { ReadAhead } from "../src/io/read-ahead.ts";

const planned = (name: string, fileBytes = 10, codec: "detect" | "none" = "detect"): PlannedPart => ({
  part: { uri: `mem:///${name}`, offset: 0, bytes: fileBytes, fileBytes, modifiedMs: 0, codec },
  inputGrowth: "refuse",
});
const many = Array.from({ length: 30 }, (_, index) => planned(`${index}`));
const first = planned("0");

describe("ReadAhead", () => {
  it("reads a bounded number of files ahead, each once and in order", async () => {
    const begun: string[] = [];
    const ahead = new ReadAhead(many, async ({ part }) => {
      begun.push(part.uri);
      return Buffer.from(part.uri);
    });
    for (const [index, file] of many.entries()) {
      expect(Buffer.from((await ahead.take(file)) ?? []).toString()).toBe(file.part.uri);
      expect(begun.length).toBe(Math.min(30, index + hostLimits.filesAhead));
    }
    expect(begun).toEqual(many.map(({ part }) => part.uri));
    expect(ahead.take(first)).toBeUndefined();
  });

  it("leaves what is large, known or of another split to others", () => {
    const large = planned("large", hostLimits.ringChunkBytes + 1);
    const plain = planned("plain", 10, "none");
    const ahead = new ReadAhead([large, plain], async () => new Uint8Array());
    for (const file of [large, plain, planned("other")]) {
      expect(ahead.take(file)).toBeUndefined();
      expect(ahead.isChecked(file)).toBe(false);
    }
  });

  it("has looked at a file when it was taken, not before", () => {
    const ahead = new ReadAhead(many, async () => new Uint8Array());
    expect(ahead.isChecked(first)).toBe(false);
    void ahead.take(first);
    expect(ahead.isChecked(first)).toBe(true);
    expect(ahead.isChecked(planned("1"))).toBe(false);
  });

  it("has not looked at a file that is read once more, or that was passed over", () => {
    const ahead = new ReadAhead(many, async () => new Uint8Array());
    void ahead.take(first);
    void ahead.take(planned("20"));
    expect(ahead.isChecked(planned("10"))).toBe(false);
    ahead.passBy(first);
    expect(ahead.isChecked(first)).toBe(false);
    expect(ahead.take(planned("20"))).toBeUndefined();
    expect(ahead.isChecked(planned("20"))).toBe(false);
  });

  it("fails with who takes a file, and nobody else", async () => {
    const ahead = new ReadAhead(many, async ({ part }) => {
      if (part.uri === "mem:///1") throw new Error("gone");
      return new Uint8Array();
    });
    await ahead.take(first);
    await expect(ahead.take(planned("1"))).rejects.toThrow("gone");
    await expect(ahead.take(planned("2"))).resolves.toEqual(new Uint8Array());
  });
});
