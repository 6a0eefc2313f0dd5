// What functions that say in data what a map does throw is the job's fault, and told as such.

import { combinedLog, textLines, textTable } from "@millrace/formats";
import { count, defineJob, int, text } from "@millrace/sdk";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

const log = combinedLog();
const line = '10.0.0.9 - ann [02/Jan/2026:00:00:01 +0000] "GET /a HTTP/1.1" 200 4 "-" "-"';

/** A job whose `emits` gives what the types do not let it give, as a job in plain JavaScript does. */
const withEmits = (emits: () => unknown) =>
  defineJob({
    name: "statuses",
    input: log,
    key: text(),
    value: int(),
    emits: emits as () => undefined,
    map: () => undefined,
    reduce: (key, values, emit) => {
      for (const value of values) emit([key, value]);
    },
    output: textTable(),
  });

describe("testJob() of a job whose plan cannot be made", () => {
  it.each([
    ["of another form", () => ({ key: log.status, value: log.status }), "E_JOB_INVALID", /"emits.key"/],
    ["a promise", async () => Promise.resolve({ key: log.path, value: log.status }), "E_JOB_INVALID", /gave a promise/],
    [
      "nothing, for it throws",
      () => {
        throw new TypeError("no such status");
      },
      "E_USER_CODE",
      /"emits".*no such status/,
    ],
  ])("blames emits that gives %s", async (_what, emits, code, message) => {
    await expect(testJob(withEmits(emits), { input: [line] })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it("blames linesWith", async () => {
    const job = defineJob({
      name: "errors",
      input: textLines(),
      key: text(),
      linesWith: () => {
        throw new RangeError("no text");
      },
      map: (each, emit) => {
        emit(each);
      },
      reduce: count(),
      output: textTable(),
    });
    await expect(testJob(job, { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/"linesWith".*no text/) as string,
    });
  });
});
