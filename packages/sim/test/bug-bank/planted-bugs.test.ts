import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { plantedBugs } from "../../src/bug-bank/planted-bugs.ts";

const dist = new URL("../../../core/dist/", import.meta.url);

describe("plantedBugs", () => {
  test.each(plantedBugs.map((bug) => [bug.name, bug] as const))(
    "%s has its text exactly once in the built engine",
    (_, bug) => {
      const text = readFileSync(new URL(bug.file, dist), "utf8");
      expect(text.split(bug.from)).toHaveLength(2);
      expect(bug.to).not.toBe(bug.from);
    },
  );
});
