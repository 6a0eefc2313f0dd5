// `millrace doctor` on real HDFS.

import { expect, it } from "vitest";
import { millrace } from "../harness.ts";
import { namesIn, succeed } from "./remote-files.ts";

it("millrace doctor finds the NameNode and tries a directory, of which it leaves nothing", async () => {
  const base = "hdfs:///doctor";
  await succeed(["fs", "mkdir", base]);
  try {
    const checks = JSON.parse(await succeed(["doctor", base, "-o", "json"])) as readonly {
      readonly name: string;
      readonly subject: string;
      readonly state: string;
      readonly detail: string;
    }[];
    expect(checks).toContainEqual(
      expect.objectContaining({
        name: "name nodes",
        state: "ok",
        detail: expect.stringMatching(/is active, Hadoop 3/u),
      }),
    );
    expect(checks.filter(({ subject, state }) => subject === base && state === "ok")).toHaveLength(7);
    expect(await namesIn(base)).toEqual([]);
    const bob = await millrace(["doctor", base, "-o", "json"], { env: { HADOOP_USER_NAME: "bob" } });
    expect([bob.exit, bob.stdout]).toEqual([0, expect.stringContaining("may only be read")]);
  } finally {
    await succeed(["fs", "rm", "-r", base]);
  }
});
