// Hosts of splits, which decide where a task runs best.
import { describe, expect, it } from "vitest";
import type { InputFile } from "../../src/index.ts";
import { splitHosts } from "../../src/plan/split-hosts.ts";

function file(more: Partial<InputFile>): InputFile {
  return { uri: "hdfs://ns/f", bytes: 100, modifiedMs: 1, blockBytes: 10, codec: "none", hosts: [], ...more };
}

const inBlocks = file({
  bytes: 25,
  hosts: ["z"],
  blocks: [
    { offset: 0, bytes: 10, hosts: ["a", "b"], racks: ["/r1", "/r2"] },
    { offset: 10, bytes: 10, hosts: ["c", "b"], racks: ["/r1", "/r2"] },
    { offset: 20, bytes: 5, hosts: ["d"], racks: ["/r3"] },
  ],
});

describe("splitHosts()", () => {
  it("names the hosts of the split's own blocks with their racks", () => {
    expect(splitHosts([{ file: inBlocks, begin: 0, end: 10 }])).toEqual({ hosts: ["a", "b"], racks: ["/r1", "/r2"] });
    expect(splitHosts([{ file: inBlocks, begin: 20, end: 25 }])).toEqual({ hosts: ["d"], racks: ["/r3"] });
    expect(splitHosts([{ file: inBlocks, begin: 25, end: 25 }])).toEqual({ hosts: [] });
  });

  it("ranks by the bytes of the range, then by name, and names three at most", () => {
    expect(splitHosts([{ file: inBlocks, begin: 0, end: 25 }])).toEqual({
      hosts: ["b", "a", "c"],
      racks: ["/r2", "/r1", "/r1"],
    });
  });

  it("names nobody who holds less than half of what the first one holds", () => {
    expect(splitHosts([{ file: inBlocks, begin: 2, end: 13 }]).hosts).toEqual(["b", "a"]);
  });

  it("takes the file's hosts where storage tells no blocks, and no racks that are not known of all", () => {
    const plain = file({ hosts: ["h1", "h2", "h3", "h4"] });
    expect(splitHosts([{ file: plain, begin: 0, end: 50 }])).toEqual({ hosts: ["h1", "h2", "h3"] });
    const packed = [
      { file: plain, begin: 0, end: 4 },
      { file: inBlocks, begin: 20, end: 25 },
    ];
    expect(splitHosts(packed)).toEqual({ hosts: ["d", "h1", "h2"] });
  });
});
