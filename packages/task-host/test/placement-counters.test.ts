import type { AttemptRef, JobId } from "@millrace/core";
import { describe, expect, it } from "vitest";
import type { AttemptOutcome } from "../src/attempt/run-attempt.ts";
import { PlacementCounters } from "../src/io/placement-counters.ts";

const place = { host: "w1", rack: "/r1" };
const attempt: AttemptRef = { job: "j-1" as JobId, stage: 0, task: 0, attempt: 0 };

function finished(counters: Readonly<Record<string, number>>): AttemptOutcome {
  return {
    kind: "finished",
    vector: undefined,
    result: {
      attempt,
      consumed: { kind: "splits", ranges: [], records: 0, badRecords: 0, bytes: 0 },
      files: [],
      counters,
      badRecords: [],
      usage: { durationMs: 1, cpuMs: 1, peakRssBytes: 1 },
    },
  };
}

function countersOf(outcome: AttemptOutcome): Readonly<Record<string, number>> | undefined {
  return outcome.kind === "finished" ? outcome.result.counters : undefined;
}

const map = (hosts: readonly string[], racks?: readonly string[]) =>
  ({
    kind: "map",
    split: { input: 0, parts: [], bytes: 1, hosts, ...(racks === undefined ? {} : { racks }) },
  }) as const;

describe("PlacementCounters", () => {
  it("counts bytes by whether the worker's own host served them, and by host", () => {
    const counters = new PlacementCounters(place);
    counters.add({ host: "w1", bytes: 5 });
    counters.add({ host: "dn2", bytes: 7 });
    counters.add({ host: "w1", bytes: 1 });
    expect(countersOf(counters.addTo(finished({ "millrace.z": 1, mine: 2 }), map(["w1"])))).toEqual({
      mine: 2,
      "millrace.maps.node-local": 1,
      "millrace.served.by.dn2": 7,
      "millrace.served.by.w1": 6,
      "millrace.served.node-local.bytes": 6,
      "millrace.served.other.bytes": 7,
      "millrace.z": 1,
    });
  });

  it.each([
    [["dn2", "w1"], ["/r2", "/r1"], "millrace.maps.node-local"],
    [["w1.example.org"], ["/r2"], "millrace.maps.node-local"],
    [["w1.a.org", "w1.b.org"], ["/r2", "/r2"], "millrace.maps.other"],
    [["dn2"], ["/r1"], "millrace.maps.rack-local"],
    [["dn2"], ["/r2"], "millrace.maps.other"],
    [["dn2"], undefined, "millrace.maps.other"],
  ])("counts a map of data on %j, racks %j, as %s", (hosts, racks, name) => {
    expect(countersOf(new PlacementCounters(place).addTo(finished({}), map(hosts, racks)))).toEqual({ [name]: 1 });
  });

  it("knows the worker's own host by its full name", () => {
    const counters = new PlacementCounters(place);
    counters.add({ host: "w1.example.org", bytes: 5 });
    expect(countersOf(counters.addTo(finished({}), map(["W1.example.org"])))).toMatchObject({
      "millrace.maps.node-local": 1,
      "millrace.served.by.w1.example.org": 5,
      "millrace.served.node-local.bytes": 5,
    });
  });

  it("leaves a result as it is where nobody knows hosts, and a failure", () => {
    const counters = new PlacementCounters(place);
    const result = finished({ a: 1 });
    expect(counters.addTo(result, map([]))).toBe(result);
    const failed: AttemptOutcome = { kind: "failed", failure: { code: "E_USER_CODE", message: "" } };
    counters.add({ host: "w1", bytes: 5 });
    expect(counters.addTo(failed, map(["w1"]))).toBe(failed);
  });

  it("names 64 hosts at most and counts the bytes of all", () => {
    const counters = new PlacementCounters(place);
    for (let index = 0; index < 100; index += 1) counters.add({ host: `dn${index}`, bytes: 1 });
    const found = countersOf(counters.addTo(finished({}), map([]))) ?? {};
    expect(Object.keys(found).filter((name) => name.startsWith("millrace.served.by.")).length).toBe(64);
    expect(found["millrace.served.other.bytes"]).toBe(100);
  });
});
