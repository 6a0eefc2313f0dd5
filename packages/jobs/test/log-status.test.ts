import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import logStatus from "../src/log-status.ts";

const line = (time: string, status: number, bytes: number | "-"): string =>
  `192.0.2.1 - - [10/Oct/2000:${time} +0000] "GET / HTTP/1.1" ${status} ${bytes} "-" "test"`;
const at = (hour: number, minute: number): number => Date.UTC(2000, 9, 10, hour, minute);

describe("log-status", () => {
  it("counts hits and sums bytes for each status and minute", async () => {
    const input = [
      line("13:55:00", 200, 100),
      line("13:55:59", 200, 50),
      line("13:56:00", 200, 7),
      line("13:55:30", 404, 0),
      line("13:55:30", 304, "-"),
      line("13:55:31", 304, "-"),
    ];
    const { records } = await testJob(logStatus, { input });
    const rows = records
      .map(({ key, value }) => [key.status, key.minute, value.hits, value.bytes])
      .toSorted((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]));
    expect(rows).toEqual([
      [200, at(13, 55), 2, 150],
      [200, at(13, 56), 1, 7],
      [304, at(13, 55), 2, 0],
      [404, at(13, 55), 1, 0],
    ]);
  });

  it("gives the 99th percentile of bytes within 1 %, and null where no response had a size", async () => {
    const input = [
      ...Array.from({ length: 200 }, (_, index) => line("13:55:00", 200, (index + 1) * 1000)),
      line("13:55:00", 304, "-"),
    ];
    const { records } = await testJob(logStatus, { input });
    const p99 = new Map(records.map(({ key, value }) => [key.status, value.p99]));
    // Rank floor(0.99 × 199) = 197: the 198th value.
    expect(Math.abs((p99.get(200) ?? 0) - 198_000)).toBeLessThanOrEqual(1980);
    expect(p99.get(304)).toBeNull();
  });

  it("counts a line that is cut off as bad, with the reason", async () => {
    const { records, badRecords } = await testJob(logStatus, {
      input: [line("13:55:00", 200, 1), line("13:55:00", 200, 1).slice(0, -1)],
    });
    expect(records.map(({ value }) => value.hits)).toEqual([1]);
    expect(badRecords).toEqual([
      expect.objectContaining({ reason: "the line ends before the closing quote of its user agent" }),
    ]);
  });
});
