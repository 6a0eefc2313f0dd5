import { describe, expect, it } from "vitest";
import { MillraceError } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { submitOnce } from "../../src/client/submit-once.ts";

const spec = { name: "count" } as JobSpec;
const payload = new Uint8Array();
const unreachable = (): never => {
  throw new MillraceError("E_UNREACHABLE", "Cannot reach the coordinator");
};

/** A coordinator that goes away after its first answer. */
function answersOnce(): () => Promise<readonly never[]> {
  let asked = 0;
  return async () => {
    asked += 1;
    return asked === 1 ? [] : unreachable();
  };
}
const now = { awayMs: 0, lookMs: 60_000 };

describe("submitOnce()", () => {
  it("asks again with the same key while the coordinator is away", async () => {
    const keys: (string | undefined)[] = [];
    const client = {
      workers: async () => [],
      submit: async (_spec: JobSpec, _payload: Uint8Array, key?: string) => {
        keys.push(key);
        return keys.length < 3 ? unreachable() : { job: "job", again: true };
      },
    };
    expect(await submitOnce(client, { spec, payload })).toEqual({ job: "job", again: false });
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("keeps the key that was given, and says when it was used before", async () => {
    const client = {
      workers: async () => [],
      submit: async (_spec: JobSpec, _payload: Uint8Array, key?: string) => ({ job: `job of ${key}`, again: true }),
    };
    expect(await submitOnce(client, { spec, payload, key: "mine" })).toEqual({ job: "job of mine", again: true });
  });

  it("says of a given key that it was used before also after it asked twice", async () => {
    let asked = 0;
    const submit = async (): Promise<{ readonly job: string; readonly again: boolean }> => {
      asked += 1;
      return asked === 1 ? unreachable() : { job: "job of yesterday", again: true };
    };
    const client = { workers: async () => [], submit };
    expect(await submitOnce(client, { spec, payload, key: "nightly" })).toEqual({
      job: "job of yesterday",
      again: true,
    });
    expect(asked).toBe(2);
  });

  it("gives up at once when nobody answers at all, and at the deadline when nobody comes back", async () => {
    await expect(
      submitOnce(
        { workers: async () => unreachable(), submit: async () => ({ job: "", again: false }) },
        { spec, payload },
      ),
    ).rejects.toMatchObject({ code: "E_UNREACHABLE" });
    await expect(
      submitOnce({ workers: answersOnce(), submit: async () => unreachable() }, { spec, payload }, now),
    ).rejects.toMatchObject({ code: "E_UNREACHABLE" });
  });

  it("goes on asking a coordinator that is there and waits for its storage, and says so in the end", async () => {
    let asked = 0;
    const submit = async (): Promise<{ readonly job: string; readonly again: boolean }> => {
      asked += 1;
      return asked < 3 ? unreachable() : { job: "job", again: true };
    };
    const client = { workers: async () => [], submit };
    const patient = { awayMs: 1_000, lookMs: 60_000 };
    expect(await submitOnce(client, { spec, payload }, patient)).toEqual({ job: "job", again: false });
    const never = { workers: async () => [], submit: async () => unreachable() };
    await expect(submitOnce(never, { spec, payload }, { awayMs: 60_000, lookMs: -1 })).rejects.toMatchObject({
      code: "E_STORAGE",
      message: expect.stringContaining("millrace doctor") as string,
    });
  });

  it("a full queue is told after a while, whether or not the coordinator answers", async () => {
    const submit = async (): Promise<never> => {
      throw new MillraceError("E_BUSY", "Cannot submit");
    };
    await expect(
      submitOnce({ workers: async () => [], submit }, { spec, payload }, { awayMs: -1, lookMs: 60_000 }),
    ).rejects.toMatchObject({ code: "E_BUSY" });
  });

  it("does not ask again after a refusal", async () => {
    let asked = 0;
    const submit = async (): Promise<never> => {
      asked += 1;
      throw new MillraceError("E_OUTPUT_EXISTS", "Cannot");
    };
    await expect(submitOnce({ workers: async () => [], submit }, { spec, payload })).rejects.toMatchObject({
      code: "E_OUTPUT_EXISTS",
    });
    expect(asked).toBe(1);
  });
});
