import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import pi from "../src/pi.ts";

const run = async (maps: number, samples: number) =>
  (await testJob(pi, { params: { maps: String(maps), samples: String(samples) } })).records;

/** Points of the sequence by its definition: the digits of the index, mirrored at the point. */
function insideByDefinition(points: number): number {
  const mirrored = (index: number, base: number): number => {
    let value = 0;
    for (let rest = index, weight = 1 / base; rest > 0; rest = Math.floor(rest / base), weight /= base)
      value += (rest % base) * weight;
    return value;
  };
  let inside = 0;
  for (let index = 1; index <= points; index++)
    if ((mirrored(index, 2) - 0.5) ** 2 + (mirrored(index, 3) - 0.5) ** 2 <= 0.25) inside++;
  return inside;
}

describe("pi", () => {
  it("of 10 maps with 100 samples is 3.148, as Hadoop's", async () => {
    expect(await run(10, 100)).toEqual([[3.148, 787, 1000]]);
  });

  it.each([
    [1, 1],
    [7, 13],
    [3, 5000],
  ])("of %i maps with %i samples counts the points of the sequence", async (maps, samples) => {
    const inside = insideByDefinition(maps * samples);
    expect(await run(maps, samples)).toEqual([[(4 * inside) / (maps * samples), inside, maps * samples]]);
  });
});
