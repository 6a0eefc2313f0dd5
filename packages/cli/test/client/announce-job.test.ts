import { describe, expect, it } from "vitest";
import { MillraceError } from "@millrace/core";
import type { JobView } from "@millrace/core";
import { announceJob } from "../../src/client/announce-job.ts";
import type { Terminal } from "../../src/output/terminal.ts";

function recorder(): { readonly terminal: Terminal; readonly printed: (readonly [string, string])[] } {
  const printed: (readonly [string, string])[] = [];
  const terminal: Terminal = {
    data: (text) => void printed.push(["out", text]),
    note: (line) => void printed.push(["err", line]),
    error: (line) => void printed.push(["err", line]),
    progress: true,
    interactive: false,
    raw: (text) => void printed.push(["err", text]),
    style: (_, text) => text,
  };
  return { terminal, printed };
}

const gone = {
  get: async () => Promise.reject(new MillraceError("E_UNREACHABLE", "Cannot reach the coordinator")),
};
const submitted = { job: "job-1", again: false };

describe("announceJob()", () => {
  it.each([
    [{ json: false, detach: true }, "job-1\n"],
    [{ json: true, detach: true }, '{"job":"job-1","again":false}\n'],
  ])("with %j prints the id also when the coordinator went away after its answer", async (options, data) => {
    const { terminal, printed } = recorder();
    await announceJob(gone, submitted, terminal, options);
    expect(printed).toEqual([
      ["err", "job-1: submitted"],
      ["out", data],
    ]);
  });

  it("leaves stdout to the outcome of a job that is waited for, and says that a key was used before", async () => {
    const { terminal, printed } = recorder();
    await announceJob(gone, { job: "job-1", again: true }, terminal, { json: false, detach: false });
    expect(printed).toEqual([["err", "job-1: submitted before with this key"]]);
  });

  it("warns of tiny tasks after the id", async () => {
    const view = { stages: [{ kind: "map", tasks: 20_000 }], inputBytes: 20_000, inputFiles: 1 };
    const { terminal, printed } = recorder();
    const client = { get: async () => view as unknown as JobView };
    await announceJob(client, submitted, terminal, { json: false, detach: true });
    expect(printed.map(([stream]) => stream)).toEqual(["err", "out", "err"]);
    expect(printed[2]?.[1]).toMatch(/^20,000 map tasks of 1 B each/);
  });

  it("hides no mistake of its own", async () => {
    const broken = { get: async () => Promise.reject(new TypeError("no function")) };
    const asked = announceJob(broken, submitted, recorder().terminal, { json: false, detach: true });
    await expect(asked).rejects.toThrow("no function");
  });
});
