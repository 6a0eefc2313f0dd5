import { describe, expect, test } from "vitest";
import { AppendFile } from "../../src/disk/append-file.ts";
import { printLine, readJournal } from "../../src/disk/journal-file.ts";
import { createStream } from "../../src/random-stream.ts";
import { Simulation } from "../../src/simulation.ts";
import { drawSwarm } from "../../src/swarm.ts";

const world = (): Simulation => new Simulation(1, drawSwarm(1));

describe("readJournal()", () => {
  test("gives all records and cuts a tail torn at any byte", () => {
    const lines = [{ a: 1 }, { b: "two\n" }, { c: [3] }].map(printLine);
    const whole = lines.join("");
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const file = new AppendFile();
      file.append(whole.slice(0, cut));
      let end = 0;
      const fit = lines.filter((line) => (end += line.length) <= cut);
      expect(readJournal(world(), file)).toHaveLength(fit.length);
      expect(file.length).toBe(fit.join("").length);
    }
  });

  test("refuses damage before the last line", () => {
    const file = new AppendFile();
    file.append(printLine({ a: 1 }).replace("1", "2") + printLine({ b: 2 }));
    expect(() => readJournal(world(), file)).toThrow("damaged at byte 0");
  });
});

describe("AppendFile", () => {
  test("keeps what was synced through any crash", () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const file = new AppendFile();
      file.append("durable");
      file.sync(7);
      file.append("lost, cut or kept");
      file.crash(createStream(seed, "crash"));
      expect("durablelost, cut or kept".startsWith(file.read())).toBe(true);
      expect(file.length).toBeGreaterThanOrEqual(7);
    }
  });
});
