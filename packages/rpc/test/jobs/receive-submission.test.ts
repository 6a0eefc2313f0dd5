import { Readable } from "node:stream";
import { MillraceError } from "@millrace/core";
import { clientCalls, encodeMessage } from "@millrace/wire";
import { describe, expect, it } from "vitest";
import { receiveSubmission } from "../../src/jobs/receive-submission.ts";
import type { SubmissionStream } from "../../src/jobs/receive-submission.ts";
import { methodOf } from "../../src/protocol.ts";
import { spec } from "../fixture.ts";

/** A message as it comes out of a call. */
const carried = (message: object): object => {
  const { requestSerialize, requestDeserialize } = methodOf("JobService", "Submit");
  return requestDeserialize(requestSerialize(message));
};
const header = { header: encodeMessage(clientCalls.submitHeader, { spec, idempotencyKey: "" }, "SubmitHeader") };

/** A call that has sent this much. @param cancelled whether its client went away. */
function callOf(messages: readonly object[], { cancelled = false, ended = true } = {}): SubmissionStream {
  const stream = new Readable({ objectMode: true, read: () => undefined });
  for (const message of messages) stream.push(carried(message));
  if (ended) stream.push(null);
  return Object.assign(stream, { cancelled });
}

describe("receiveSubmission()", () => {
  it("joins chunks", async () => {
    const call = callOf([header, { chunk: Buffer.from("ab") }, { chunk: Buffer.from("c") }]);
    expect(await receiveSubmission(call)).toEqual({ spec, idempotencyKey: undefined, payload: Buffer.from("abc") });
  });

  it("takes the side files behind the bundle, as long as the spec says, and asks for room first", async () => {
    const files = [
      { name: "stop.txt", sha256: "0".repeat(64), bytes: 2 },
      { name: "empty", sha256: "1".repeat(64), bytes: 0 },
    ];
    const withFiles = { spec: { ...spec, files }, idempotencyKey: "" };
    const first = { header: encodeMessage(clientCalls.submitHeader, withFiles, "SubmitHeader") };
    const asked: number[] = [];
    const whole = callOf([first, { chunk: Buffer.from("abcd") }, { chunk: Buffer.from("e") }]);
    const { payload } = await receiveSubmission(whole, { reserve: (bytes) => asked.push(bytes) });
    expect(Buffer.from(payload).toString()).toBe("abcde");
    expect(asked).toEqual([5]);
    const short = callOf([first, { chunk: Buffer.from("abc") }]);
    await expect(receiveSubmission(short)).rejects.toMatchObject({ code: "E_JOB_INVALID" });
    const full = callOf([first, { chunk: Buffer.from("abcde") }]);
    const reserve = (): void => {
      throw new MillraceError("E_BUSY", "Cannot submit: no room");
    };
    await expect(receiveSubmission(full, { reserve })).rejects.toMatchObject({ code: "E_BUSY" });
  });

  it("refuses what promises more than a submission may have, before any of it comes", async () => {
    const file = { sha256: "0".repeat(64), bytes: 64 * 1024 * 1024 };
    const files = Array.from({ length: 9 }, (_, index) => ({ ...file, name: `f${index}` }));
    const message = encodeMessage(clientCalls.submitHeader, { spec: { ...spec, files }, idempotencyKey: "" }, "Header");
    const asked: number[] = [];
    const call = callOf([{ header: message }], { ended: false });
    const received = receiveSubmission(call, { reserve: (bytes) => asked.push(bytes) });
    await expect(received).rejects.toMatchObject({ code: "E_TOO_LARGE" });
    expect(asked).toEqual([]);
  });

  it("refuses a submission whose client went away after its last chunk: it never said that this was all", async () => {
    const call = callOf([header, { chunk: Buffer.from("abc") }], { cancelled: true });
    await expect(receiveSubmission(call)).rejects.toMatchObject({ code: "E_CANCELLED" });
  });

  it("gives up one that stands still, and frees its place", async () => {
    const call = callOf([header], { ended: false });
    await expect(receiveSubmission(call, { idleMs: 20 })).rejects.toMatchObject({ code: "E_UNREACHABLE" });
    expect(call.destroyed).toBe(true);
  });

  it.each([
    ["no header", [{ chunk: Buffer.from("abc") }], "E_MESSAGE"],
    ["nothing at all", [], "E_MESSAGE"],
    ["too little", [header, { chunk: Buffer.from("ab") }], "E_JOB_INVALID"],
    ["too much", [header, { chunk: Buffer.from("abcd") }], "E_JOB_INVALID"],
  ])("refuses %s", async (_what, messages, code) => {
    await expect(receiveSubmission(callOf(messages))).rejects.toMatchObject({ code });
  });
});
