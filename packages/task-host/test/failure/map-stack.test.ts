import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStackMapper } from "../../src/failure/map-stack.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-stack-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

// Line 1 of the bundle, column 0 comes from line 5, column 2 of job.ts: the segment (0, 0, 4, 2) in base-64 VLQ.
const map = JSON.stringify({ version: 3, sources: ["job.ts"], names: [], mappings: "AAIE" });

describe("createStackMapper()", () => {
  it("maps frames of the bundle by its inline map, and leaves out the engine's", () => {
    const path = join(directory, "inline");
    writeFileSync(
      path,
      `throw 1;\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}\n`,
    );
    const url = pathToFileURL(path).href;
    const frames = [
      `at map (${url}:1:1)`,
      "at Array.forEach (<anonymous>)",
      `at ${url}:1:1`,
      "at run (file:///engine/run-map.js:1:1)",
      `at ${url}:1:1`,
    ];
    expect(createStackMapper(url, fileURLToPath(url)).map(frames)).toEqual([
      "at map (job.ts:5:3)",
      "at Array.forEach (<anonymous>)",
      "at job.ts:5:3",
    ]);
  });

  it("leaves out what the job called of the engine, and names no place where the job has none", () => {
    const path = join(directory, "called");
    writeFileSync(path, "throw 1;\n//# sourceMappingURL=external.map\n");
    const url = pathToFileURL(path).href;
    const engine = [
      "at Object.write (file:///engine/codec.js:1:1)",
      "at Array.map (<anonymous>)",
      "at file:///engine/sink.js:1:1",
    ];
    const mapper = createStackMapper(url, fileURLToPath(url));
    expect(mapper.map([...engine, `at map (${url}:1:1)`, ...engine])).toEqual(["at map (job bundle:1:1)"]);
    expect(mapper.map(engine)).toEqual([]);
  });

  it("maps by a map beside the bundle", () => {
    const path = join(directory, "external");
    writeFileSync(path, "throw 1;\n//# sourceMappingURL=external.map\n");
    writeFileSync(`${path}.map`, map);
    const url = pathToFileURL(path).href;
    expect(createStackMapper(url, fileURLToPath(url)).map([`at map (${url}:1:1)`])).toEqual(["at map (job.ts:5:3)"]);
  });

  it("gives places of the bundle when there is no map, or a broken one", () => {
    const path = join(directory, "none");
    writeFileSync(path, "throw 1;\n//# sourceMappingURL=data:application/json;base64,e30\n");
    const url = pathToFileURL(path).href;
    expect(createStackMapper(url, fileURLToPath(url)).map([`at map (${url}:1:7)`])).toEqual([
      "at map (job bundle:1:7)",
    ]);
  });
});
