import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
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
    await state.createJob(job, { bundle: Buffer.from("code"), files: new Map() }, "5e".repeat(32));
    const path = join(directory, "jobs", job);
    expect(readdirSync(path).toSorted()).toEqual(["bundle", "journal", "shuffle.key", "vectors"]);
    const modes = ["", "bundle", "journal", "shuffle.key", "vectors"].map(
      (name) => statSync(join(path, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
  });

  it("createJob() says in units what a full disk has, what is needed and what is kept for journals", async () => {
    const state = await StateDirectory.open(directory);
    const bundle = { length: 2 ** 60 } as Uint8Array;
    await expect(state.createJob(job, { bundle, files: new Map() }, "5e".repeat(32))).rejects.toThrow(
      /has [0-9.]+ [KMGT]?i?B free, and needs 1048576\.0 TiB for it beside the 128\.0 MiB that are kept for journals;/,
    );
    expect(readdirSync(join(directory, "jobs"))).toEqual([]);
  });

  it("createJob() keeps side files by content, and they go with the job", async () => {
    const state = await StateDirectory.open(directory);
    const files = new Map([["ab".repeat(32), Buffer.from("the\n")]]);
    await state.createJob(job, { bundle: Buffer.from("code"), files }, "5e".repeat(32));
    expect(statSync(join(directory, "jobs", job, "files", "ab".repeat(32))).mode & 0o777).toBe(0o600);
    const again = await StateDirectory.open(directory);
    expect(await text(again.readSideFile(job, "ab".repeat(32)) ?? Readable.from([]))).toBe("the\n");
    expect(again.readSideFile(job, "cd".repeat(32))).toBeUndefined();
    await again.removeJob(job);
    expect(readdirSync(join(directory, "jobs"))).toEqual([]);
  });
});
