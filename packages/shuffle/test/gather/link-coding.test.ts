// When answers come packed, told as a story of links: rates are bytes a millisecond, so 20,000 is 20 MB/s.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerMeter } from "../../src/gather/answer-meter.ts";
import {
  chooseCoding,
  createLink,
  isOutdated,
  leavePacking,
  noteAnswer,
  noteSample,
  wantsSample,
  type LinkState,
} from "../../src/gather/link-coding.ts";
import { LinkTable } from "../../src/gather/link-table.ts";
import { playSegments } from "./play-segments.ts";

const MiB = 1024 * 1024;

/** A link and a codec, played: what they would give. */
interface World {
  /** Bytes a millisecond. */
  link: number;
  codec: number;
  /** Bytes on the wire for each byte, packed. */
  share: number;
  /** Part of the time in which this side waits for bytes. */
  waits?: number;
}

/** One answer of 4 MiB after the other. @returns the codings in which they came. */
function play(link: LinkState, world: World, answers: number, from = { atMs: 0 }): readonly string[] {
  return Array.from({ length: answers }, () => {
    const { coding } = chooseCoding(link, from.atMs);
    const rawBytes = 4 * MiB;
    const wireBytes = coding === "none" ? rawBytes : rawBytes * world.share;
    const elapsedMs =
      coding === "none" ? rawBytes / world.link : Math.max(rawBytes / world.codec, wireBytes / world.link);
    from.atMs += elapsedMs;
    const waitedMs = elapsedMs * (world.waits ?? 0.9);
    noteAnswer(
      link,
      { asked: coding, coding, rawBytes, wireBytes, timedBytes: wireBytes, elapsedMs, waitedMs, answers: 1 },
      from.atMs,
    );
    if (coding === "none" && wantsSample(link, from.atMs))
      noteSample(
        link,
        { rawBytes: 65_536, packedBytes: 65_536 * world.share, elapsedMs: 65_536 / world.codec },
        from.atMs,
      );
    return coding;
  });
}

/** A packed answer of 1 MiB at so many raw bytes a millisecond, half as many of the wire. */
function packedAt(link: LinkState, rate: number, atMs: number): void {
  const elapsedMs = MiB / rate;
  const bytes = { rawBytes: MiB, wireBytes: MiB / 2, timedBytes: MiB / 2 };
  noteAnswer(link, { asked: "lz4", coding: "lz4", ...bytes, elapsedMs, waitedMs: elapsedMs, answers: 1 }, atMs);
}

describe("chooseCoding()", () => {
  it("packs on a link of 20 MB/s from the second answer on, and not on one of 1 GB/s", () => {
    expect(play(createLink(), { link: 20_000, codec: 400_000, share: 0.6 }, 6)).toEqual([
      "none",
      "lz4",
      "lz4",
      "lz4",
      "lz4",
      "lz4",
    ]);
    expect(play(createLink(), { link: 1_000_000, codec: 400_000, share: 0.6 }, 50)).not.toContain("lz4");
  });

  it("does not even try the codec where the link is faster than any", () => {
    const link = createLink();
    play(link, { link: 2_000_000, codec: 400_000, share: 0.2 }, 50);
    expect(link.codecRate).toBeUndefined();
  });

  it("leaves the cores to maps where packing would take more than half of one", () => {
    expect(play(createLink(), { link: 210_000, codec: 400_000, share: 0.3 }, 50)).not.toContain("lz4");
    expect(play(createLink(), { link: 190_000, codec: 400_000, share: 0.3 }, 50).at(-1)).toBe("lz4");
  });

  it("never packs what does not become shorter", () => {
    expect(play(createLink(), { link: 10_000, codec: 400_000, share: 1 }, 50)).not.toContain("lz4");
    expect(play(createLink(), { link: 10_000, codec: 400_000, share: 0.9 }, 50)).not.toContain("lz4");
  });

  it("stops packing when data no longer becomes shorter, and begins again when it does", () => {
    const link = createLink();
    const time = { atMs: 0 };
    expect(play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 5, time).at(-1)).toBe("lz4");
    expect(play(link, { link: 20_000, codec: 400_000, share: 1 }, 12, time).at(-1)).toBe("none");
    time.atMs += 60_000;
    const again = play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 40, time);
    expect(again.at(-1)).toBe("lz4");
    expect(again.filter((coding) => coding === "lz4").length).toBeGreaterThan(15);
  });

  it("stops packing when the link becomes fast, which raw answers now and then show", () => {
    const link = createLink();
    const time = { atMs: 0 };
    const slow = play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 600, time);
    const raw = slow.slice(3).filter((coding) => coding === "none").length;
    expect(raw).toBeGreaterThan(2);
    expect(raw / slow.length).toBeLessThan(0.02);
    expect(play(link, { link: 2_000_000, codec: 400_000, share: 0.5 }, 3_000, time).at(-1)).toBe("none");
  });

  it("follows a link that becomes slow", () => {
    const link = createLink();
    const time = { atMs: 0 };
    expect(play(link, { link: 900_000, codec: 400_000, share: 0.5 }, 20, time)).not.toContain("lz4");
    expect(play(link, { link: 30_000, codec: 400_000, share: 0.5 }, 20, time).at(-1)).toBe("lz4");
  });

  it("leaves packing that was promising and did not help, for a while", () => {
    const link = createLink();
    const time = { atMs: 0 };
    const slow: World = { link: 20_000, codec: 400_000, share: 0.5 };
    play(link, slow, 1, time);
    expect(link.coding).toBe("lz4");
    for (let answer = 0; answer < 2; answer += 1) {
      packedAt(link, 15_000, time.atMs);
      expect(link.coding).toBe("lz4");
    }
    packedAt(link, 15_000, time.atMs);
    expect(link.coding).toBe("none");
    expect(play(link, slow, 2, time)).toEqual(["none", "none"]);
    time.atMs += 2_000;
    expect(play(link, slow, 3, time).at(-1)).toBe("lz4");
  });

  it("leaves packing at once that makes it far worse, as on a machine with much other work", () => {
    const link = createLink();
    play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 1);
    packedAt(link, 10_000, 300);
    expect(link.coding).toBe("none");
  });

  it("tries what does not help ever less often", () => {
    const link = createLink();
    const time = { atMs: 0 };
    let tries = 0;
    while (time.atMs < 600_000) {
      play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 1, time);
      if (link.coding === "none") continue;
      tries += 1;
      packedAt(link, 10_000, time.atMs);
    }
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(16);
  });

  it("adds up what answers at a time bring over one link", () => {
    const link = createLink();
    const half = { rawBytes: MiB, wireBytes: MiB, timedBytes: MiB, elapsedMs: MiB / 10_000, waitedMs: 90, answers: 2 };
    noteAnswer(link, { asked: "none", coding: "none", ...half }, 100);
    expect(link.rawRate).toBeCloseTo(20_000);
    noteSample(link, { rawBytes: 65_536, packedBytes: 32_768, elapsedMs: 0.2 }, 101);
    expect(link.coding).toBe("lz4");
    // One alone gets all of it.
    packedAt(link, 40_000, 200);
    expect(link.packedRate).toBeCloseTo(40_000);
    noteAnswer(link, { asked: "lz4", coding: "lz4", ...half, rawBytes: 2 * MiB }, 300);
    expect(link.packedRate).toBeCloseTo(40_000);
  });

  it("judges this side's disk or processor not to be a slow link", () => {
    expect(play(createLink(), { link: 50_000, codec: 400_000, share: 0.5, waits: 0.02 }, 50)).not.toContain("lz4");
  });

  it("asks no more for a while when a source does not know packing, or what came was damaged", () => {
    const link = createLink();
    play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 2);
    expect(link.coding).toBe("lz4");
    noteAnswer(
      link,
      {
        asked: "lz4",
        coding: "none",
        rawBytes: 10,
        wireBytes: 10,
        timedBytes: 0,
        elapsedMs: 0,
        waitedMs: 0,
        answers: 1,
      },
      1_000,
    );
    expect(chooseCoding(link, 1_100)).toEqual({ coding: "none", probe: false });
    link.coding = "lz4";
    leavePacking(link, 1_000);
    expect(chooseCoding(link, 2_000)).toEqual({ coding: "none", probe: false });
  });

  it("wants short answers until it knows a link", () => {
    const link = createLink();
    expect(chooseCoding(link, 0)).toEqual({ coding: "none", probe: true });
    play(link, { link: 1_000_000, codec: 400_000, share: 0.5 }, 1);
    expect(chooseCoding(link, 5)).toEqual({ coding: "none", probe: false });
    const slow = createLink();
    noteAnswer(
      slow,
      {
        asked: "none",
        coding: "none",
        rawBytes: MiB,
        wireBytes: MiB,
        timedBytes: MiB,
        elapsedMs: 50,
        waitedMs: 50,
        answers: 1,
      },
      50,
    );
    // The codec is yet to be tried on a sample.
    expect(chooseCoding(slow, 50)).toEqual({ coding: "none", probe: true });
    noteSample(slow, { rawBytes: 65_536, packedBytes: 65_536, elapsedMs: 0.2 }, 51);
    expect(chooseCoding(slow, 51)).toEqual({ coding: "none", probe: false });
  });

  it("wants the first packed answers short", () => {
    const link = createLink();
    play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 1);
    expect(chooseCoding(link, 300)).toEqual({ coding: "lz4", probe: true });
    play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 3);
    expect(chooseCoding(link, 300)).toEqual({ coding: "lz4", probe: false });
  });

  it("learns nothing of a link from answers of a few packets", () => {
    const link = createLink();
    for (let index = 0; index < 100; index += 1)
      noteAnswer(
        link,
        {
          asked: "none",
          coding: "none",
          rawBytes: 9_000,
          wireBytes: 9_000,
          timedBytes: 9_000,
          elapsedMs: 50,
          waitedMs: 50,
          answers: 1,
        },
        index,
      );
    expect(link.rawRate).toBeUndefined();
    expect(wantsSample(link, 100)).toBe(false);
  });

  it("ends in the coding that brings more, wherever it began", () => {
    fc.assert(
      fc.property(
        fc.record({
          link: fc.integer({ min: 1_000, max: 3_000_000 }),
          codec: fc.integer({ min: 100_000, max: 1_000_000 }),
          share: fc.double({ min: 0.1, max: 1, noNaN: true }),
        }),
        fc.record({
          link: fc.integer({ min: 1_000, max: 3_000_000 }),
          codec: fc.integer({ min: 100_000, max: 1_000_000 }),
          share: fc.double({ min: 0.1, max: 1, noNaN: true }),
        }),
        (before, now) => {
          const link = createLink();
          const time = { atMs: 0 };
          play(link, before, 30, time);
          for (let minute = 0; minute < 3; minute += 1) {
            time.atMs += 60_000;
            play(link, now, 40, time);
          }
          const gain = Math.min(now.codec, now.link / now.share) / now.link;
          // Between the two bounds either is right.
          if (gain > 1.25 && now.link * 2.1 < now.codec) expect(link.coding).toBe("lz4");
          if (gain < 1) expect(link.coding).toBe("none");
        },
      ),
      { numRuns: 300, endOnFailure: true },
    );
  });
});

describe("noteAnswer()", () => {
  /** A link on which packing has begun. */
  const begun = (): LinkState => {
    const link = createLink();
    play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 1);
    expect(link.coding).toBe("lz4");
    return link;
  };

  it("learns nothing from packed answers that end after packing was left", () => {
    const link = begun();
    packedAt(link, 10_000, 300);
    expect(link.coding).toBe("none");
    const left = { ...link };
    for (let answer = 0; answer < 3; answer += 1) packedAt(link, 10_000, 310);
    expect(link).toEqual(left);
    const time = { atMs: 2_400 };
    play(link, { link: 20_000, codec: 400_000, share: 0.5 }, 1, time);
    expect(link).toMatchObject({ coding: "lz4", packedRate: undefined, packedAnswers: 0 });
    packedAt(link, 40_000, time.atMs + 30);
    expect(link).toMatchObject({ coding: "lz4", packedRate: 40_000 });
  });

  it("counts what several answers at a time tell of packing once", () => {
    const one = begun();
    packedAt(one, 10_000, 300);
    const four = begun();
    for (let answer = 0; answer < 4; answer += 1) packedAt(four, 10_000, 300);
    const unknown = begun();
    const few = { rawBytes: 10, wireBytes: 10, timedBytes: 0, elapsedMs: 0, waitedMs: 0, answers: 4 };
    for (let answer = 0; answer < 4; answer += 1) noteAnswer(unknown, { asked: "lz4", coding: "none", ...few }, 300);
    for (const link of [four, unknown])
      expect(link).toMatchObject({ coding: "none", quietMs: one.quietMs, quietUntilMs: one.quietUntilMs });
  });

  it("means shares of the wire by bytes: what hardly packs is not hidden by what packs well", () => {
    const link = createLink();
    noteSample(link, { rawBytes: 65_536, packedBytes: 6_554, elapsedMs: 0.2 }, 0);
    noteSample(link, { rawBytes: 65_536, packedBytes: 65_536, elapsedMs: 0.2 }, 1);
    expect(link.wireShare).toBeCloseTo(0.6 * 0.1 + 0.4);
  });
});

describe("AnswerMeter", () => {
  it("takes time in which the thread was at work for no time of the link's", () => {
    for (const [busyShare, rate] of [
      [0, 10_000],
      [0.9, 100_000],
    ] as const) {
      const link = createLink();
      const meter = new AnswerMeter();
      for (let piece = 0; piece <= 20; piece += 1) {
        const moment = { atMs: piece * 6.5536, busyMs: piece * 6.5536 * busyShare };
        meter.arrived(moment, 65_536, 1);
        meter.taken(moment, 65_536);
      }
      meter.tell(link, { asked: "none", coding: "none" }, 140);
      expect(link.rawRate).toBeCloseTo(rate);
    }
  });

  it("measures each stretch of an answer for itself", () => {
    const link = createLink();
    const meter = new AnswerMeter();
    let atMs = 0;
    for (const rate of [50_000, 10_000]) {
      for (let piece = 0; piece < 16; piece += 1) {
        atMs += 65_536 / rate;
        meter.arrived({ atMs, busyMs: 0 }, 65_536, 1);
        meter.taken({ atMs, busyMs: 0 }, 65_536);
      }
      expect(meter.rawBytes).toBe(MiB);
      link.rawRate = undefined;
      meter.tell(link, { asked: "none", coding: "none" }, atMs);
      expect(link.rawRate).toBeCloseTo(rate);
    }
    expect(meter.rawBytes).toBe(0);
  });

  it("learns no rate from the short rest of an answer, which may have lain there", () => {
    const link = createLink();
    const meter = new AnswerMeter();
    for (let piece = 0; piece <= 20; piece += 1) {
      // The last four come at once.
      const moment = { atMs: Math.min(piece, 16) * 6.5536, busyMs: 0 };
      meter.arrived(moment, 65_536, 1);
      meter.taken(moment, 65_536);
      if (piece === 16 || piece === 20) meter.tell(link, { asked: "none", coding: "none" }, 110);
    }
    expect(link.rawRate).toBeCloseTo(10_000);
  });
});

describe("isOutdated()", () => {
  it("leaves a slow link a few megabytes of raw answers in minutes, however long segments are", () => {
    for (const megabytes of [4, 32, 128])
      for (const connections of [1, 2]) {
        const what = `${megabytes} MiB, ${connections} at a time`;
        const shape = { segmentBytes: megabytes * MiB, connections, forMs: 180_000 };
        const played = playSegments(createLink(), { link: 10_000, codec: 400_000, share: 0.5 }, shape);
        expect(played.rawMs / played.ms, what).toBeLessThan(0.02);
        // Each connection begins raw, and one of them looks again every 15 s.
        expect(played.rawBytes / MiB, what).toBeLessThan(2 * connections + 13 * 2);
      }
  });

  it("ends the first raw answer with its first megabytes", () => {
    const shape = { segmentBytes: 128 * MiB, connections: 1, forMs: 10_000 };
    const played = playSegments(createLink(), { link: 10_000, codec: 400_000, share: 0.5 }, shape);
    expect(played.rawBytes).toBeLessThanOrEqual(1.25 * MiB);
  });

  it("lets one answer at a time look what the link gives", () => {
    const shape = { segmentBytes: 32 * MiB, connections: 4, forMs: 120_000 };
    const link = createLink();
    playSegments(link, { link: 10_000, codec: 400_000, share: 0.5 }, { ...shape, forMs: 5_000 });
    const later = { ...shape, forMs: 120_000 };
    link.rawAtMs = 0;
    expect(playSegments(link, { link: 10_000, codec: 400_000, share: 0.5 }, later).rawAtOnce).toBe(1);
  });

  it("takes a sixteenth of the time at most on the slowest links", () => {
    const shape = { segmentBytes: 32 * MiB, connections: 1, forMs: 600_000 };
    const played = playSegments(createLink(), { link: 300, codec: 400_000, share: 0.5 }, shape);
    expect(played.rawMs / played.ms).toBeLessThan(1 / 12);
  });

  it("never ends answers of a link that is faster than the codec", () => {
    const link = createLink();
    const shape = { segmentBytes: 32 * MiB, connections: 2, forMs: 10_000 };
    const played = playSegments(link, { link: 1_000_000, codec: 400_000, share: 0.5 }, shape);
    expect(played.rawMs).toBe(played.ms);
    const few = { taken: 64 * 1024, left: 32 * MiB };
    expect(isOutdated({ ...link, coding: "lz4" }, "none", few)).toBe(false);
    expect(isOutdated({ ...link, coding: "lz4" }, "none", { taken: 32 * MiB, left: 64 * 1024 })).toBe(false);
  });
});

describe("LinkTable", () => {
  it("remembers the links that were last asked for, and no more than it may", () => {
    const table = new LinkTable(2);
    const one = table.of("a:1");
    const two = table.of("b:1");
    expect(table.of("a:1")).toBe(one);
    table.of("c:1");
    expect(table.of("a:1")).toBe(one);
    expect(table.of("b:1")).not.toBe(two);
  });
});
