// Word count from HDFS to HDFS in one process.

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { millrace } from "../harness.ts";
import { namesIn, succeed } from "./remote-files.ts";
import { beginWordCount } from "./word-count-story.ts";
import type { WordCountStory } from "./word-count-story.ts";

const same = { parts: [], left: [] };
let story: WordCountStory;

beforeAll(async () => {
  story = await beginWordCount(`hdfs:///jobs-${randomUUID()}`);
});
afterAll(async () => {
  await succeed(["fs", "rm", "-r", story.base]);
});

describe("word count on HDFS in one process", () => {
  it("gives the parts of a local run, and they match the manifest", async () => {
    const output = story.nextOutput();
    await succeed(["run", "word-count", story.input, output, ...story.shape]);
    expect(await story.differences(output)).toEqual(same);
    await succeed(["verify", output]);
  });

  it("replaces an output of its own with --overwrite, and refuses without", async () => {
    const output = story.nextOutput();
    await succeed(["run", "word-count", story.input, output, "--reduces", "1"]);
    const again = await millrace(["run", "word-count", story.input, output, ...story.shape]);
    expect([again.exit, again.stderr]).toEqual([6, expect.stringContaining("E_OUTPUT_EXISTS")]);
    await succeed(["run", "word-count", story.input, output, ...story.shape, "--overwrite"]);
    expect(await story.differences(output)).toEqual(same);
  });

  it("leaves nothing when it is interrupted or its input is missing", async () => {
    const missing = await millrace(["run", "word-count", `${story.base}/none`, `${story.base}/never`]);
    expect(missing.exit, missing.stderr).toBe(7);
    expect(await namesIn(story.base)).not.toContain("never");
  });
});
