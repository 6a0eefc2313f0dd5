import { checkInputFormat, syslog } from "@millrace/formats";
import type { Expr } from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { readEach, readOne } from "../read-records.ts";
import { plain, readText } from "../read-text.ts";

const nothing = {
  facility: null,
  facilityName: null,
  severity: null,
  severityName: null,
  time: null,
  host: null,
  app: null,
  procId: null,
  msgId: null,
  structuredData: null,
};
const log = syslog({ year: 2026 });
const one = (line: string, format = log): unknown => plain([readOne(format, line)]);

describe("syslog() of RFC 5424", () => {
  it("reads the examples of the RFC", () => {
    expect(
      one(
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed for lonvick on /dev/pts/8",
      ),
    ).toEqual([
      {
        ...nothing,
        facility: 4,
        facilityName: "auth",
        severity: 2,
        severityName: "crit",
        time: Date.UTC(2003, 9, 11, 22, 14, 15, 3),
        host: "mymachine.example.com",
        app: "su",
        msgId: "ID47",
        message: "'su root' failed for lonvick on /dev/pts/8",
      },
    ]);
    expect(
      one("<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts."),
    ).toMatchObject([
      {
        facilityName: "local4",
        severityName: "notice",
        time: Date.UTC(2003, 7, 24, 12, 14, 15),
        procId: "8710",
        message: "%% It's time to make the do-nuts.",
      },
    ]);
    expect(
      one(
        '<165>1 2003-10-11T22:14:15.003Z h evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"][examplePriority@32473 class="high"]',
      ),
    ).toMatchObject([
      {
        structuredData:
          '[exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"][examplePriority@32473 class="high"]',
        message: "",
      },
    ]);
  });

  it.each([
    [
      "all that may be missing",
      "<0>1 - - - - - -",
      { facility: 0, facilityName: "kern", severity: 0, severityName: "emerg", time: null, host: null, message: "" },
    ],
    ["the highest priority", "<191>1 - - - - - -", { facilityName: "local7", severityName: "debug" }],
    ["a message of blanks", "<1>1 - - - - - -  a ", { message: " a " }],
    ["an empty message", "<1>1 - - - - - - ", { message: "" }],
    ["brackets in the message", "<1>1 - - - - - - [x]", { structuredData: null, message: "[x]" }],
    [
      "escapes in structured data",
      '<1>1 - - - - - [a b="\\"\\]\\\\"] m',
      { structuredData: '[a b="\\"\\]\\\\"]', message: "m" },
    ],
    ["an element without parameters", "<1>1 - - - - - [a] m", { structuredData: "[a]", message: "m" }],
  ])("reads %s", (_what, line, expected) => {
    expect(one(line)).toMatchObject([expected]);
  });

  it("gives columns for parameters of structured data", () => {
    const format = syslog({
      structured: {
        eventId: ["exampleSDID@32473", "eventID"],
        source: ["exampleSDID@32473", "eventSource"],
        ip: ["origin", "ip"],
        none: ["orig", "ip"],
      },
    });
    expectTypeOf(format.eventId).toEqualTypeOf<Expr<"text", null>>();
    expectTypeOf(format.message).toEqualTypeOf<Expr<"text", never>>();
    const data =
      '[exampleSDID@32473 iut="3" eventSource="App\\"l\\]" eventID="10=\\\\11"][origin ip="192.0.2.1" ip="192.0.2.2"][origin software="x"]';
    expect(one(`<1>1 - - - - - ${data} m`, format)).toMatchObject([
      { eventId: "10=\\11", source: 'App"l]', ip: "192.0.2.1", none: null },
    ]);
    expect(one("<1>1 - - - - - - m", format)).toMatchObject([{ eventId: null, source: null, ip: null }]);
  });

  it("takes the last time of a date that is not after the log's end, to the second", () => {
    const format = syslog({ until: "2026-03-01T12:00:30Z" });
    const yearOf = (line: string): number => {
      const [record] = one(`${line} host app: m`, format) as readonly [{ readonly time: number }];
      return new Date(record.time).getUTCFullYear();
    };
    const times = ["Mar  1 12:00:30", "Mar  1 12:00:31", "Mar  1 12:00:00", "Mar  1 12:01:00", "Mar  1 11:59:59"];
    expect(times.map(yearOf)).toEqual([2026, 2025, 2026, 2025, 2026]);
  });

  it("ends at structured data whose quotes do not pair up as values", () => {
    const format = syslog({ structured: { value: ["a", "b"] } });
    expect(one('<1>1 - - - - - [a "c="] m', format)).toMatchObject([{ value: null, message: "m" }]);
    expect(one('<1>1 - - - - - [a "c="][a b="d"] m', format)).toMatchObject([{ value: "d" }]);
  });

  it("reads back any message with any structured data", () => {
    const texts = fc.string({ unit: fc.constantFrom('"', "\\", "]", "[", " ", "=", "a", "ä", "😀", "id", "\t") });
    const format = syslog({ structured: { one: ["a@1", "id"], two: ["b", "id"], three: ["b", "d"] } });
    const escape = (text: string): string => text.replace(/["\\\]]/gu, "\\$&");
    const lines = fc.record({
      priority: fc.nat(191),
      ms: fc.nat(4_000_000_000_000),
      one: texts,
      two: texts,
      three: texts,
      message: texts,
    });
    fc.assert(
      fc.property(lines, ({ priority, ms, one: first, two, three, message }) => {
        const data = `[a@1 x="id=" id="${escape(first)}"][b id="${escape(two)}" d="${escape(three)}"]`;
        const line = `<${priority}>1 ${new Date(ms).toISOString()} h app 1 ID ${data} ${message}`;
        expect(one(line, format)).toMatchObject([
          {
            facility: Math.floor(priority / 8),
            severity: priority % 8,
            time: ms,
            one: first,
            two,
            three,
            message,
            structuredData: data,
          },
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["a priority above 191", "<192>1 - - - - - -", "the number in <> is no priority from 0 to 191"],
    ["no priority in its brackets", "<>1 - - - - - -", "the number in <> is no priority from 0 to 191"],
    ["another version", "<1>2 - - - - - -", "the version after the priority is not 1"],
    ["another time", "<1>1 yesterday - - - - -", "no time such as 2026-11-25T23:00:01.123Z"],
    ["a header that is cut off", "<1>1 - h a", "the line ends inside its header"],
    ["an empty word", "<1>1 -  h a p m -", "two blanks inside the header"],
    ["no structured data", "<1>1 - h a p m message", "no structured data or -"],
    ["structured data that does not close", '<1>1 - h a p m [a b="]', "the structured data does not close"],
    ["an empty element", "<1>1 - h a p m [] x", "the structured data does not close"],
    ["text behind structured data", "<1>1 - h a p m [a]x", "text right behind the structured data"],
  ])("gives a bad record for %s, at the begin, in the middle and at the end", (_what, line, reason) => {
    const good = "<1>1 - - - - - -";
    for (const lines of [
      [line, good, good],
      [good, line, good],
      [good, good, line],
    ]) {
      expect(readText(log, lines.join("\n"))).toMatchObject({ bad: [reason], records: { length: 2 } });
    }
  });
});

describe("syslog() of RFC 3164", () => {
  it.each([
    [
      "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
      {
        facilityName: "auth",
        severityName: "crit",
        time: Date.UTC(2026, 9, 11, 22, 14, 15),
        host: "mymachine",
        app: "su",
        procId: null,
        message: "'su root' failed for lonvick on /dev/pts/8",
      },
    ],
    [
      "Nov  5 23:00:01 host sshd[123]: Accepted publickey",
      {
        ...nothing,
        time: Date.UTC(2026, 10, 5, 23, 0, 1),
        host: "host",
        app: "sshd",
        procId: "123",
        message: "Accepted publickey",
      },
    ],
    ["Nov 05 23:00:60 host postfix/smtpd[1]: connect", { time: Date.UTC(2026, 10, 5, 23, 1), app: "postfix/smtpd" }],
    [
      "2026-11-25T23:00:01.123456+01:00 host kernel: [    0.1] Linux",
      { time: Date.UTC(2026, 10, 25, 22, 0, 1, 123), app: "kernel", message: "[    0.1] Linux" },
    ],
    ["Nov 25 23:00:01 host last message repeated 2 times", { app: null, message: "last message repeated 2 times" }],
    ["Nov 25 23:00:01 host app[1] no colon", { app: null, message: "app[1] no colon" }],
    ["Nov 25 23:00:01 host app:no blank", { app: "app", message: "no blank" }],
    ["Nov 25 23:00:01 host app:", { app: "app", message: "" }],
    ["Nov 25 23:00:01 host : x", { app: null, message: ": x" }],
    ["Nov 25 23:00:01 host ", { message: "" }],
  ])("reads %j", (line, expected) => {
    expect(one(line)).toMatchObject([expected]);
  });

  it("takes the year and the offset from the author", () => {
    const at = (options: Parameters<typeof syslog>[0], line: string): unknown => {
      const [read] = readEach(syslog(options), [`${line} host app: x`]);
      return read !== undefined && "record" in read ? new Date(read.record.time ?? Number.NaN).toISOString() : read;
    };
    const until = "2026-03-01";
    expect(at({ until }, "Dec 31 23:59:59")).toBe("2025-12-31T23:59:59.000Z");
    expect(at({ until }, "Jan  1 00:00:00")).toBe("2026-01-01T00:00:00.000Z");
    expect(at({ until }, "Mar  1 00:00:00")).toBe("2026-03-01T00:00:00.000Z");
    expect(at({ until }, "Mar  1 00:01:00")).toBe("2025-03-01T00:01:00.000Z");
    expect(at({ until }, "Feb 29 00:00:00")).toBe("2024-02-29T00:00:00.000Z");
    expect(at({ until, offset: "-05:00" }, "Feb 28 19:00:00")).toBe("2026-03-01T00:00:00.000Z");
    expect(at({ until, offset: "-05:00" }, "Feb 28 19:01:00")).toBe("2025-03-01T00:01:00.000Z");
    expect(at({ year: 2024, offset: "+0200" }, "Feb 29 01:00:00")).toBe("2024-02-28T23:00:00.000Z");
    expect(at({ year: 2026 }, "Feb 29 01:00:00")).toEqual({
      bad: "no time such as Nov  5 23:00:01, or no such day in its year",
    });
    expect(at({}, "Feb 28 01:00:00")).toEqual({ bad: "the time has no year; give syslog() a year or an until" });
  });

  it.each([
    ["no time", "hello world", "no time such as Nov  5 23:00:01, then a blank"],
    ["another month", "Okt 11 22:14:15 h a: x", "no time such as Nov  5 23:00:01, or no such day in its year"],
    ["an hour that is none", "Oct 11 24:14:15 h a: x", "no time such as Nov  5 23:00:01, or no such day in its year"],
    ["nothing after the time", "Oct 11 22:14:15", "no time such as Nov  5 23:00:01, then a blank"],
    ["no host", "Oct 11 22:14:15  x", "no host and message after the time"],
    ["a host alone", "Oct 11 22:14:15 host", "no host and message after the time"],
    ["NUL", "\0\0\0", "no time such as Nov  5 23:00:01, then a blank"],
  ])("gives a bad record for %s, at the begin, in the middle and at the end", (_what, line, reason) => {
    const good = "Oct 11 22:14:15 h a: x";
    for (const lines of [
      [line, good, good],
      [good, line, good],
      [good, good, line],
    ]) {
      expect(readText(log, lines.join("\n"))).toMatchObject({ bad: [reason], records: { length: 2 } });
    }
  });
});

describe("syslog()", () => {
  it.each([
    [{ year: 2026, until: "2026-01-01" }, "year and until say the same"],
    [{ year: 26 }, "the year 26 is none from 1970 to 9999"],
    [{ until: "soon" }, 'until is "soon", no time'],
    [{ offset: "CET" }, 'the offset "CET" is none'],
    [{ structured: { message: ["a", "b"] as const } }, "has the name of one that is there"],
  ])("refuses %j", (options, reason) => {
    expect(() => syslog(options)).toThrow(reason);
  });

  it("is not quadratic in structured data", () => {
    const format = syslog({ structured: { value: ["a", "z"] } });
    for (const data of [
      "[a]".repeat(500_000),
      `[a ${'b="" '.repeat(500_000)}]`,
      `${'[a b="]"]'.repeat(300_000)}[a z="1"]`,
    ]) {
      const record = readOne(format, `<1>1 - - - - - ${data} m`);
      expect([record.message, record.value]).toEqual(["m", data.includes("z=") ? "1" : null]);
    }
    expect(readEach(format, [`<1>1 - - - - - ${"[a".repeat(500_000)}`])).toEqual([
      { bad: "the structured data does not close" },
    ]);
  });

  it("reads both forms mixed, and passes the conformance kit", () => {
    const report = checkInputFormat(syslog({ until: "2026-12-31", structured: { b: ["a", "b"] } }), [
      { bytes: '\uFEFF<34>Oct 11 22:14:15 h su: x\r\n<1>1 - h a p m [a b="1"] ä\nbad\n\nOct 12 22:14:15 h su[1]: y' },
    ]);
    expect(report).toMatchObject({ records: 3, badRecords: 1 });
  });
});
