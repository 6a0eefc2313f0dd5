// A worker whose life the cluster's journal has forgotten for the many that came after it, and that lives.

import { describe, expect, it } from "vitest";
import type { ClusterRecord, Incarnation, WorkerId } from "../../src/index.ts";
import { applyClusterRecord, limits } from "../../src/index.ts";
import type { CoordinatorScript } from "./coordinator/coordinator-script.ts";
import { makeCoordinatorScript } from "./coordinator/coordinator-script.ts";
import { describeWorker } from "./coordinator/coordinator-world.ts";

/** Its second life runs a map and holds the segments of another one. */
function begin(): CoordinatorScript {
  const run = makeCoordinatorScript();
  run("begin\nworker w-1\nstart w-1\nsubmit one maps=2 reduces=1\nfinish one/0-0.0");
  const world = run.world();
  for (let index = 0; index < limits.workersRememberedMax; index++) {
    const record: ClusterRecord = {
      kind: "incarnation",
      worker: `w-later-${index}` as WorkerId,
      incarnation: 1 as Incarnation,
    };
    applyClusterRecord(world.machine.cluster, record);
    world.clusterJournal.push(record);
  }
  expect(world.machine.cluster.incarnations.has("w-1" as WorkerId)).toBe(false);
  return run;
}

/** What the coordinator says and decides when the first life turns up; the second goes on as it was. */
function firstLife({ world }: CoordinatorScript): string {
  const now = world();
  const second = now.worker("w-1");
  now.lines = [];
  now.connect(describeWorker("w-1", {}));
  now.settle();
  now.workers.set("w-1", second);
  return now.lines.join("\n");
}

describe("a forgotten worker", () => {
  it("is not taken for its older life, and is remembered when it comes again", () => {
    const run = begin();
    expect(firstLife(run)).toContain("incarnation 2 after 1");
    const again = run("cut w-1\nreconnect w-1");
    expect(again).toContain("cluster: incarnation w-1#2");
    expect(again).not.toContain("lost");
  });

  it("keeps what it runs over a restart of the coordinator, and its older life gets none of it", () => {
    const run = begin();
    run("restart 2");
    expect(firstLife(run)).toContain("incarnation 2 after 1");
    const again = run("reconnect w-1");
    expect(again).toContain("cluster: incarnation w-1#2");
    expect(again).not.toContain("lost");
    expect(run("drive")).toBe("  one: succeeded, swept");
  });
});
