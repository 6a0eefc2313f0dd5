import { describe, expect, it } from "vitest";
import { readBlockLocations, readLocatedBlocks } from "../../src/model/block-location.ts";
import { readFileStatus } from "../../src/model/file-status.ts";
import { Reply } from "../../src/model/reply.ts";
import { readXAttrs } from "../../src/model/xattrs.ts";

describe("replies", () => {
  it("a field that is missing or of another type is named", () => {
    const reply = new Reply({ FileStatus: { pathSuffix: "", type: "FILE", length: "12" } });
    expect(() => readFileStatus(reply.get("FileStatus"))).toThrow('"reply.FileStatus.length" is not a number');
    expect(() => reply.get("FileStatuses")).toThrow('"reply" has no field "FileStatuses"');
    expect(() => new Reply([]).get("x")).toThrow('"reply" is not an object');
    expect(() => new Reply({ toString: 1 }).get("constructor")).toThrow("has no field");
  });

  it("a status of an older server lacks some fields", () => {
    const status = {
      accessTime: 0,
      blockSize: 0,
      group: "g",
      length: 0,
      modificationTime: 1,
      owner: "o",
      pathSuffix: "x",
      permission: "1777",
      replication: 0,
      type: "DIRECTORY",
    };
    expect(readFileStatus(new Reply(status))).toMatchObject({
      kind: "directory",
      permission: 0o1777,
      fileId: 0,
      childCount: 0,
    });
  });

  it("locations of both shapes, also of blocks that nobody has", () => {
    const lost = { offset: 0, length: 5, hosts: [], corrupt: true };
    expect(readBlockLocations(new Reply({ BlockLocations: { BlockLocation: [lost] } }))).toEqual([
      {
        offset: 0,
        bytes: 5,
        hosts: [],
        names: [],
        topologyPaths: [],
        cachedHosts: [],
        storageTypes: [],
        corrupt: true,
      },
    ]);
    expect(readLocatedBlocks(new Reply({ LocatedBlocks: { fileLength: 0 } }))).toEqual({
      fileBytes: 0,
      underConstruction: false,
      blocks: [],
    });
  });

  it("values of extended attributes in hex, base64 and text", () => {
    const entries = ["0x6a31", "0sajE=", '"j1"', ""].map((value, index) => ({ name: `user.${index}`, value }));
    const found = readXAttrs(new Reply({ XAttrs: entries }));
    expect(Object.values(found).map((value) => Buffer.from(value).toString())).toEqual(["j1", "j1", "j1", ""]);
  });
});
