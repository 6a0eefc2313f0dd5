import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobId } from "@millrace/core";
import { StateDirectory } from "../../src/state/state-directory.ts";

const job = `job-${"0".repeat(26)}` as JobId;
let directory = "";
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "millrace-state-"))));
afterEach(() => rmSync(directory, { recursive: true }));

describe("StateDirectory", () => {
  it("createJob() gives every file its name before it syncs the directory, for this user alone", async () => {
    const state = await StateDirectory.open(directory);
    await state.createJob(job, Buffer.from("code"), "5e".repeat(32));
    const path = join(directory, "jobs", job);
    expect(readdirSync(path).toSorted()).toEqual(["bundle", "journal", "shuffle.key", "vectors"]);
    const modes = ["", "bundle", "journal", "shuffle.key", "vectors"].map(
      (name) => statSync(join(path, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
  });
});
