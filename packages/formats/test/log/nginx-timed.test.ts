import { checkInputFormat, nginxTimed } from "@millrace/formats";
import type { Expr } from "@millrace/sdk";
import { describe, expect, expectTypeOf, it } from "vitest";
import { readEach, readOne } from "../read-records.ts";
import { readText } from "../read-text.ts";

const head = '192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326 "http://e.org/" "curl/8"';
const log = nginxTimed();

function times(tail: string): unknown {
  return readEach(log, [head + tail]).map((read) =>
    "record" in read ? [read.record.requestTime, read.record.upstreamResponseTime] : read,
  );
}

describe("nginxTimed()", () => {
  it.each([
    [" 0.123", [0.123, null]],
    [" 0.123 0.120", [0.123, 0.12]],
    [" 0.123 -", [0.123, null]],
    [" 0.123 0.001, 0.002 : 0.003", [0.123, 0.006]],
    [" 0.123 -, 0.002", [0.123, 0.002]],
    [" 0.123 -, - : -", [0.123, null]],
    [' "0.123" "0.001, 0.002"', [0.123, 0.003]],
    [' 0.123 "0.010" .', [0.123, 0.01]],
    [" 0.123 0.010 pipe more", [0.123, 0.01]],
    [" 12", [12, null]],
    [" 0.1 0.1, 0.2", [0.1, 0.3]],
  ])("reads the times %j", (tail, expected) => {
    expect(times(tail)).toEqual([expected]);
  });

  it.each([
    ["", "no time of the request behind the user agent"],
    [" ", "no time of the request behind the user agent"],
    [" -", "the time of the request is no number"],
    [" fast", "the time of the request is no number"],
    [" -1", "the time of the request is no number"],
    [" Infinity", "the time of the request is no number"],
    [' "0.1', "the time of the request is no number"],
    [" 0.1 slow", "the time of the upstream is no number"],
  ])("gives a bad record for the times %j", (tail, reason) => {
    expect(times(tail)).toEqual([{ bad: reason }]);
    for (const lines of [
      [head + tail, `${head} 1`],
      [`${head} 1`, head + tail],
    ]) {
      expect(readText(log, lines.join("\n"))).toMatchObject({ bad: [reason], records: { length: 1 } });
    }
  });

  it("refuses Common Log Format, which has no place for them", () => {
    expect(readEach(log, ['h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 5 0.1'])).toEqual([
      { bad: "no time of the request behind the user agent" },
    ]);
  });

  it("takes lines without times when they are not required", () => {
    const lenient = nginxTimed({ required: false });
    expectTypeOf(lenient.requestTime).toEqualTypeOf<Expr<"number", null>>();
    expectTypeOf(log.requestTime).toEqualTypeOf<Expr<"number", never>>();
    expectTypeOf(readOne(lenient, head).requestTime).toEqualTypeOf<number | null>();
    expectTypeOf(readOne(log, `${head} 1`).requestTime).toEqualTypeOf<number>();
    const common = 'h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 5';
    const { records, bad } = readText(
      lenient,
      [head, `${head} 0.5 0.25`, `${head} "10.0.0.1"`, common, "no"].join("\n"),
    );
    expect(records.map(({ requestTime, upstreamResponseTime }) => [requestTime, upstreamResponseTime])).toEqual([
      [null, null],
      [0.5, 0.25],
      [null, null],
      [null, null],
    ]);
    expect(bad).toHaveLength(1);
  });

  it("has the columns of a combined log beside the times", () => {
    expect(log.requestTime).toMatchObject({ kind: "number" });
    expect(log.status).toMatchObject({ kind: "number" });
    const report = checkInputFormat(log, [
      {
        bytes: `${head} 0.123 0.1, 0.02\r\nbad\n\n${head} 7\n`,
        records: [
          { upstreamResponseTime: 0.12, requestTime: 0.123 },
          { requestTime: 7, upstreamResponseTime: null },
        ].map(({ requestTime, upstreamResponseTime }) => ({
          host: "192.0.2.1",
          user: null,
          time: Date.UTC(2000, 9, 10, 20, 55, 36),
          method: "GET",
          path: "/a",
          status: 200,
          bytes: 2326,
          referrer: "http://e.org/",
          userAgent: "curl/8",
          requestTime,
          upstreamResponseTime,
        })),
        bad: 1,
      },
    ]);
    expect(report).toMatchObject({ records: 2, badRecords: 1 });
  });
});
