import { describe, expect, test } from "vitest";
import { Links } from "../../src/network/links.ts";
import { keepaliveMs, Session } from "../../src/network/session.ts";
import { ProcessLife } from "../../src/process-life.ts";
import { Simulation } from "../../src/simulation.ts";
import { drawSwarm } from "../../src/swarm.ts";

function open() {
  const world = new Simulation(3, { ...drawSwarm(3), linkDelayMs: 40 });
  const links = new Links(world);
  const worker = new ProcessLife(world, "w-0");
  const coordinator = new ProcessLife(world, "coordinator");
  worker.begin();
  coordinator.begin();
  const heard: string[] = [];
  const end = (place: string, process: ProcessLife) => ({
    place,
    process,
    life: process.life,
    onMessage: (message: number) => void heard.push(`${place} ${message}`),
    onClosed: () => void heard.push(`${place} closed`),
  });
  const session = new Session<number, number>(world, links, end("w-0", worker), end("coordinator", coordinator));
  links.onChange(() => session.refresh());
  return { world, links, worker, coordinator, session, heard };
}

function run(world: Simulation, untilMs = Number.POSITIVE_INFINITY): void {
  while (world.nowMs < untilMs && world.step());
}

describe("Session", () => {
  test("delivers in order in each direction, whatever the delays", () => {
    const { world, session, heard } = open();
    for (let message = 0; message < 30; message += 1) session.sendUp(message);
    run(world);
    expect(heard).toEqual(Array.from({ length: 30 }, (_, message) => `coordinator ${message}`));
  });

  test("loses what is under way when it is cut, and tells both ends once", () => {
    const { world, session, heard } = open();
    session.sendUp(1);
    session.cut();
    session.cut();
    run(world);
    expect(heard.toSorted()).toEqual(["coordinator closed", "w-0 closed"]);
  });

  test("holds messages on a cut link and delivers them after it heals", () => {
    const { world, links, session, heard } = open();
    links.cut("w-0", "coordinator");
    session.sendUp(1);
    session.sendDown(2);
    world.at(1_000, () => links.heal("w-0", "coordinator"));
    run(world, 2_000);
    expect(heard).toEqual(["w-0 2", "coordinator 1"]);
  });

  test("ends when a link stays cut for longer than keepalive waits", () => {
    const { world, links, session, heard } = open();
    links.cut("coordinator", "w-0");
    run(world, 3 * keepaliveMs);
    expect(session.open).toBe(false);
    expect(heard.toSorted()).toEqual(["coordinator closed", "w-0 closed"]);
  });

  test("keeps messages for a frozen process until it goes on", () => {
    const { world, coordinator, session, heard } = open();
    coordinator.freeze();
    session.refresh();
    session.sendUp(1);
    world.at(1_000, () => {
      expect(heard).toEqual([]);
      coordinator.thaw();
      session.refresh();
    });
    run(world);
    expect(heard).toEqual(["coordinator 1"]);
  });
});
