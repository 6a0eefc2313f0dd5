import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asideUriOf, attemptUriOf, partNameOf, stagingUriOf } from "../../src/commit/commit-names.ts";
import { checkManifestText, createCommitOrder, manifestToText, parseManifest } from "../../src/commit/commit-order.ts";
import { jobId, makeOrder } from "./commit-fixture.ts";

describe("commit names", () => {
  it("lie beside the output and hide from listings", () => {
    expect(stagingUriOf("hdfs://ns/a/out%20put", jobId)).toBe(`hdfs://ns/a/.out%20put.millrace-${jobId}`);
    expect(asideUriOf("file:///out", jobId)).toBe(`file:///.out.millrace-old-${jobId}`);
    expect(attemptUriOf("file:///s", { stage: 1, task: 7, attempt: 2 })).toBe("file:///s/attempts/1-7.2");
  });

  it("number parts by task, in a folder for each named output", () => {
    expect(partNameOf({ stageKind: "reduce", task: 7, output: "", extension: "txt" })).toBe("part-r-00007.txt");
    const shared = { stageKind: "reduce", task: 7, output: "errors", extension: "jsonl", stage: 2 } as const;
    expect(partNameOf(shared)).toBe("errors/part-02-r-00007.jsonl");
    expect(partNameOf({ stageKind: "map", task: 0, output: "errors", extension: "jsonl" })).toBe(
      "errors/part-m-00000.jsonl",
    );
  });
});

describe("createCommitOrder()", () => {
  it("gives the same bytes for accepted results in any order", () => {
    const source = {
      job: jobId,
      name: "n",
      planHash: "h",
      stagingUri: "file:///s",
      outputUri: "file:///o",
      overwrite: false,
      stages: [
        {
          kind: "map" as const,
          outputs: [
            { name: "", extension: "" },
            { name: "errors", extension: "txt" },
          ],
        },
      ],
      counters: { b: 1, a: 2 },
    };
    const accepted = [0, 1, 2].map((task) => ({
      attempt: { stage: 0, task, attempt: 1 },
      files: ["", "errors"].map((output) => ({ output, path: `f${output}`, bytes: 1, records: 1, crc32: 1 })),
    }));
    const order = createCommitOrder({ ...source, accepted });
    expect(createCommitOrder({ ...source, accepted: [...accepted].reverse(), counters: { a: 2, b: 1 } })).toEqual(
      order,
    );
    expect(order.manifest.parts.map(({ name }) => name)).toEqual([
      "errors/part-m-00000.txt",
      "errors/part-m-00001.txt",
      "errors/part-m-00002.txt",
      "part-m-00000",
      "part-m-00001",
      "part-m-00002",
    ]);
    expect(order.moves[0]).toEqual({
      from: "file:///s/attempts/0-0.1/ferrors",
      to: "file:///s/data/errors/part-m-00000.txt",
    });
  });

  it("writes the manifest as part files are written, where a job says how", () => {
    const partFiles = { permission: 0o640, replication: 2 };
    const order = createCommitOrder({ ...emptySource, partFiles });
    expect(order.partFiles).toEqual(partFiles);
    expect(createCommitOrder(emptySource)).not.toHaveProperty("partFiles");
  });

  it("counts the manifest's bytes in UTF-8", () => {
    const { manifestText, manifestBytes } = createCommitOrder({ ...emptySource, name: "größe 🎉 €" });
    expect(manifestBytes).toBe(new TextEncoder().encode(manifestText).length);
  });

  it("refuses two files for one name", () => {
    const accepted = [{ attempt: { stage: 0, task: 0, attempt: 0 }, files: [file("a"), file("b")] }];
    expect(() => createCommitOrder({ ...emptySource, accepted })).toThrow(/two files become part-m-00000/);
  });
});

const file = (path: string) => ({ output: "", path, bytes: 1, records: 1, crc32: 1 });
const emptySource = {
  job: jobId,
  name: "n",
  planHash: "h",
  stagingUri: "file:///s",
  outputUri: "file:///o",
  overwrite: false,
  stages: [{ kind: "map" as const, outputs: [{ name: "", extension: "" }] }],
  accepted: [],
  counters: {},
};

describe("manifestToText()", () => {
  it("is read back by parseManifest() and passes its own check", () => {
    const { manifest, manifestText } = makeOrder();
    expect(parseManifest(manifestText)).toEqual(manifest);
    expect(checkManifestText(manifestText, manifest)).toBeUndefined();
    expect(JSON.parse(manifestText)).toMatchObject(JSON.parse(JSON.stringify(manifest)));
  });

  it("holds any name and counters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.dictionary(fc.string(), fc.maxSafeInteger()), (name, counters) => {
        const manifest = { ...makeOrder().manifest, name, counters };
        const text = manifestToText(manifest);
        const parsed = parseManifest(text);
        expect(parsed).toEqual(manifest);
        expect(checkManifestText(text, parsed!)).toBeUndefined();
      }),
    );
  });

  it("shows any change of a character", () => {
    const { manifestText } = makeOrder();
    for (let at = 0; at < manifestText.length; at += 1) {
      const other = manifestText[at] === "0" ? "1" : "0";
      const changed = manifestText.slice(0, at) + other + manifestText.slice(at + 1);
      const parsed = parseManifest(changed);
      if (parsed !== undefined) expect(checkManifestText(changed, parsed), `at ${at}`).toBeDefined();
    }
  });
});

describe("parseManifest()", () => {
  it.each([
    "",
    "{}",
    "[]",
    "null",
    '{"format":"millrace-manifest","version":2}',
    '{"format":"millrace-manifest","version":1,"job":"j"}',
  ])("takes %j for no manifest", (text) => {
    expect(parseManifest(text)).toBeUndefined();
  });
});
