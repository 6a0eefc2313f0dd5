import { MillraceError, limits } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { attemptFailure } from "../../src/failure/attempt-error.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("attemptFailure()", () => {
  it("names input, byte and record of a throw in map", () => {
    const failure = attemptFailure(
      new Error("no"),
      { running: "map", input: { uri: "file:///in", offset: 12, record: bytes('a"b\n') } },
      undefined,
    );
    expect(failure.code).toBe("E_USER_CODE");
    expect(failure.message).toContain('Cannot run "map": Error: no; ');
    expect(failure.message).toContain('input "file:///in", byte 12\nrecord "a\\"b\\n"');
    expect(failure.record).toEqual({ uri: "file:///in", offset: 12, text: 'a\\"b\\n' });
  });

  it("does not believe a code that user code gives itself", () => {
    const forged = Object.assign(new Error("x"), { name: "MillraceError", code: "E_SEGMENT" });
    expect(attemptFailure(forged, { running: "reduce" }, undefined).code).toBe("E_USER_CODE");
    expect(attemptFailure(new MillraceError("E_WORKER_LOST", "x"), { running: "map" }, undefined).code).toBe(
      "E_USER_CODE",
    );
  });

  it("takes a broken side table for what it is: no user code's, and none of the record's that asked for it", () => {
    const thrown = new MillraceError("E_INPUT_FORMAT", 'Cannot read the side table "t.csv", line 3: x; y');
    const input = { uri: "file:///in", offset: 0, record: bytes("a") };
    expect(attemptFailure(thrown, { running: "map", input }, undefined)).toEqual({
      code: "E_INPUT_FORMAT",
      message: thrown.message,
    });
  });

  it.each(["E_OUTPUT_WRITE", "E_INPUT_READ", "E_WORK_DISK", "E_NO_SPACE"] as const)(
    "does not point at the job's code, nor at a record, for a fault of storage: %s",
    (code) => {
      const thrown = new MillraceError(code, 'Cannot write "hdfs://a/out/p": no space; free some');
      const input = { uri: "file:///in", offset: 5, record: bytes("a") };
      const stack = { map: () => ["at map (lines.ts:7:26)"] };
      const place = { job: "second", input, key: "k" };
      expect(attemptFailure(thrown, place, stack)).toEqual({ code, message: thrown.message });
      // User code that gives itself such a code is named all the same.
      const own = attemptFailure(thrown, { ...place, running: "map" }, stack);
      expect(own).toMatchObject({ code: "E_USER_CODE", message: expect.stringContaining("at map (lines.ts:7:26)") });
    },
  );

  it("points at lines below only when there are some, and says in plain words what failed by itself", () => {
    const stack = { map: () => ["at map (job.ts:1:1)"] };
    expect(attemptFailure("text", { running: "map" }, undefined).message).toMatch(/; mend the job's code$/);
    expect(attemptFailure(new Error("x"), { running: "map" }, stack).message).toMatch(/where the lines below point\n/);
    expect(attemptFailure(new Error("x"), { strayOf: "this attempt" }, undefined).message).toBe(
      "Cannot go on: a promise or timer that this attempt left behind failed, Error: x; leave none behind, wait in setup, and mend the job's code",
    );
    const below = attemptFailure(new MillraceError("E_KEY_INVALID", "Cannot encode"), {}, stack);
    expect(below).toEqual({ code: "E_KEY_INVALID", message: "Cannot encode\n    at map (job.ts:1:1)" });
  });

  it("survives a Proxy that throws when it is asked what it is", () => {
    const trap = (): never => {
      throw new Error("trap");
    };
    const proxy: unknown = new Proxy({}, { get: trap, getPrototypeOf: trap });
    expect(attemptFailure(proxy, { running: "map" }, undefined)).toMatchObject({ code: "E_USER_CODE" });
    expect(attemptFailure(proxy, {}, undefined)).toMatchObject({ code: "E_INTERNAL" });
  });

  it("keeps the engine's own code outside of user code", () => {
    expect(attemptFailure(new MillraceError("E_SEGMENT", "x"), {}, undefined).code).toBe("E_SEGMENT");
    expect(attemptFailure(new Error("x"), {}, undefined).code).toBe("E_INTERNAL");
  });

  it("keeps E_ASYNC_USER_CODE and E_EMIT_AFTER_END", () => {
    expect(attemptFailure(new MillraceError("E_ASYNC_USER_CODE", "x"), { running: "map" }, undefined).code).toBe(
      "E_ASYNC_USER_CODE",
    );
  });

  it("gives text that can be sent, whatever half characters the thrown one had or a cut leaves", () => {
    for (const message of ["half \ud800", "😀".repeat(100_000), `x${"😀".repeat(100_000)}`]) {
      for (const place of [{ running: "map" }, {}]) {
        expect(attemptFailure(new Error(message), place, undefined).message.isWellFormed()).toBe(true);
      }
    }
  });

  it("bounds the whole message and keeps the place", () => {
    const record = bytes("é".repeat(100_000));
    const failure = attemptFailure(
      new Error("ü".repeat(1_000_000)),
      { running: "map", input: { uri: "file:///in", offset: 1, record } },
      undefined,
    );
    expect(Buffer.byteLength(failure.message)).toBeLessThanOrEqual(limits.errorTextBytesMax);
    expect(failure.message).toContain("byte 1");
    expect(Buffer.byteLength(failure.record?.text ?? "")).toBeLessThanOrEqual(1_024 + 3);
  });
});
