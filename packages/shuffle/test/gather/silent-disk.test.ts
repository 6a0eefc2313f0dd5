// A disk of this side that does not answer, played by a pipe that nobody reads: to open it for writing takes for ever.

import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createSegmentGatherer } from "../../src/index.ts";
import { nodeRunTools } from "../../src/run-tools.ts";
import { fetchOne, makeDirectory, requestOf, runPath, serve, sourceOf, writeRun } from "../shuffle-kit.ts";

it("a fetch ends when this side's disk does not answer in its time, and what comes of the write later is removed", async () => {
  const directory = makeDirectory();
  const vector = writeRun(runPath(directory.path, sourceOf(0)), {
    partitions: 1,
    pairs: () => 100,
    valueBytes: 20_000,
  });
  const server = await serve(directory.path);
  const gatherer = createSegmentGatherer({ tools: nodeRunTools, limits: { diskMs: 200 } });
  onTestFinished(async () => {
    await gatherer.close();
    await server.close();
    directory.remove();
  });
  const path = join(directory.path, "silent.segment");
  execFileSync("mkfifo", [`${path}.part`]);
  const request = requestOf(vector, { task: 0, partition: 0, address: server.address, path });
  expect(await fetchOne(gatherer, request)).toEqual({
    kind: "local",
    failure: {
      code: "E_WORK_DISK",
      message: "Cannot write a gathered segment: the disk has not answered for 200 ms; check this worker's disk",
    },
  });
  // It answers: the write goes on until nobody reads it any more, and fails.
  closeSync(openSync(`${path}.part`, constants.O_RDONLY | constants.O_NONBLOCK));
  await expect.poll(() => existsSync(`${path}.part`)).toBe(false);
  expect(existsSync(path)).toBe(false);
});
