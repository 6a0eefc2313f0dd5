import { combinedLog, jsonLines, textTable } from "@millrace/formats";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeAll } from "../read-records.ts";

const head = "192.0.2.1 - - [10/Oct/2000:13:55:36 -0700]";
const common = `${head} "GET /a HTTP/1.0" 200 2326`;
const combined = `${common} "http://example.org/" "Mozilla/5.0 (X11)"`;
const log = combinedLog();
const readRequest = (request: string): unknown => {
  const { method, path } = readOne(log, `${head} "${request}" 200 1`);
  return [method, path];
};

describe("combinedLog()", () => {
  it("reads the example of the Apache manual", () => {
    const line =
      '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"';
    expect(JSON.parse(JSON.stringify(readOne(log, line)))).toEqual({
      host: "127.0.0.1",
      user: "frank",
      time: Date.UTC(2000, 9, 10, 20, 55, 36),
      method: "GET",
      path: "/apache_pb.gif",
      status: 200,
      bytes: 2326,
      referrer: "http://www.example.com/start.html",
      userAgent: "Mozilla/4.08 [en] (Win98; I ;Nav)",
    });
  });

  it("reads Common Log Format", () => {
    expect(readOne(log, common)).toMatchObject({ status: 200, bytes: 2326, referrer: null, userAgent: null });
  });

  it.each([
    ["IPv6", `2001:db8::1 - - ${combined.slice(combined.indexOf("["))}`, "2001:db8::1"],
    ["a scoped IPv6", `fe80::1%eth0 - - ${combined.slice(combined.indexOf("["))}`, "fe80::1%eth0"],
    ["a name", `host.example.org - - ${combined.slice(combined.indexOf("["))}`, "host.example.org"],
    ["a byte order mark before it", `\ufeff${combined}`, "192.0.2.1"],
  ])("reads a host that is %s", (_what, line, host) => {
    expect(readOne(log, line).host).toBe(host);
  });

  it.each([
    ["-", null],
    ["frank", "frank"],
    ["user with blanks", "user with blanks"],
    ["user [with] brackets", "user [with] brackets"],
    ["CORP\\\\frank", "CORP\\frank"],
    ["__proto__", "__proto__"],
  ])("reads the user %j", (user, expected) => {
    expect(readOne(log, combined.replace("- - [", `- ${user} [`)).user).toBe(expected);
  });

  it.each([
    ["GET / HTTP/1.1", ["GET", "/"]],
    ["PROPFIND /dav HTTP/1.1", ["PROPFIND", "/dav"]],
    ["M-SEARCH * HTTP/1.1", ["M-SEARCH", "*"]],
    ["GET /old", ["GET", "/old"]],
    ["GET /with blank in it HTTP/1.1", ["GET", "/with blank in it"]],
    ["GET http://other.example/ HTTP/1.1", ["GET", "http://other.example/"]],
    ["CONNECT example.org:443 HTTP/2.0", ["CONNECT", "example.org:443"]],
    ["-", ["", ""]],
    ["", ["", ""]],
    ["\\x16\\x03\\x01", ["", "\u0016\u0003\u0001"]],
    ['GET /say\\"hi\\" HTTP/1.1', ["GET", '/say"hi"']],
    ['GET /bare"quote HTTP/1.1', ["GET", '/bare"quote']],
    ["GET /\\xe4\\xbd\\xa0 HTTP/1.1", ["GET", "/你"]],
    ["GET /\\xff HTTP/1.1", ["GET", "/\ufffd"]],
    ["GET /back\\\\slash\\tand\\qrest HTTP/1.1", ["GET", "/back\\slash\tand\\qrest"]],
    ["GET /%22?a=[1] HTTP/1.1", ["GET", "/%22?a=[1]"]],
  ])("reads the request %j", (request, expected) => {
    expect(readRequest(request)).toEqual(expected);
  });

  it.each([
    ["no body", `${head} "HEAD / HTTP/1.1" 304 -`, { status: 304, bytes: null }],
    ["nothing in the last fields", `${common} "-" "-"`, { referrer: null, userAgent: null }],
    ["empty last fields", `${common} "" ""`, { referrer: "", userAgent: "" }],
    ["escaped quotes in the agent", `${common} "-" "a \\"b\\" c"`, { userAgent: 'a "b" c' }],
    ["a backslash before the closing quote", `${common} "-" "a\\\\"`, { userAgent: "a\\" }],
    ["fields added at the end", `${combined} "203.0.113.9" 0.005`, { userAgent: "Mozilla/5.0 (X11)" }],
    ["a number added to Common", `${common} 1234`, { bytes: 2326, referrer: null }],
    ["a status of nginx's own", `${head} "GET / HTTP/1.1" 499 0 "-" "-"`, { status: 499, bytes: 0 }],
    ["a status and nothing else but bytes", `${head} "-" 408 -`, { status: 408, method: "", path: "" }],
    ["more bytes than 32 bits hold", `${head} "GET / HTTP/1.1" 200 123456789012345`, { bytes: 123456789012345 }],
  ])("reads a line with %s", (_what, line, expected) => {
    expect(readOne(log, line)).toMatchObject(expected);
  });

  it.each([
    ["10/Oct/2000:13:55:36 -0700", Date.UTC(2000, 9, 10, 20, 55, 36)],
    ["29/Feb/2024:23:59:59 +0530", Date.UTC(2024, 1, 29, 18, 29, 59)],
    ["31/Dec/2016:23:59:60 +0000", Date.UTC(2017, 0, 1)],
    ["01/Jan/1970:00:00:00 +0000", 0],
    ["01/Jan/0099:00:00:00 +0000", new Date("0099-01-01T00:00:00Z").getTime()],
  ])("reads the time %s", (stamp, time) => {
    expect(readOne(log, combined.replace(/\[.*?\]/u, `[${stamp}]`)).time).toBe(time);
  });

  it("reads times that differ from the line before in one part only", () => {
    const stamps = [
      "10/Oct/2000:13:55:36 -0700",
      "10/Oct/2000:13:55:37 -0700",
      "10/Oct/2000:13:55:37 +0000",
      "10/Oct/2000:13:56:37 +0000",
      "11/Oct/2000:13:56:37 +0000",
    ];
    const times = readEach(
      log,
      stamps.map((stamp) => combined.replace(/\[.*?\]/u, `[${stamp}]`)),
    ).map((read) => ("record" in read ? read.record.time : undefined));
    expect(times).toEqual([
      Date.UTC(2000, 9, 10, 20, 55, 36),
      Date.UTC(2000, 9, 10, 20, 55, 37),
      Date.UTC(2000, 9, 10, 13, 55, 37),
      Date.UTC(2000, 9, 10, 13, 56, 37),
      Date.UTC(2000, 9, 11, 13, 56, 37),
    ]);
  });

  it.each([
    "30/Feb/2024:00:00:00 +0000",
    "00/Jan/2024:00:00:00 +0000",
    "10/Foo/2024:00:00:00 +0000",
    "10/Oct/2024:24:00:00 +0000",
    "10/Oct/2024:00:60:00 +0000",
    "10/Oct/2024:00:00:61 +0000",
    "10/Oct/2024:00:00:00 0000",
    "10/Oct/2024:00:00:00 +9900",
    "1/Oct/2024:00:00:00 +0000",
    "2024-10-10T00:00:00Z",
    "",
  ])("gives a bad record for the time %j", (stamp) => {
    expect(readEach(log, [combined.replace(/\[.*?\]/u, `[${stamp}]`)])).toEqual([
      { bad: expect.stringMatching(/^no time/u) as string },
    ]);
  });

  it("gives a bad record for a line cut off anywhere before its closing quote, or before bytes", () => {
    const commonEnds = new Set<number>();
    // Cut inside the bytes, or right after them, a line is a whole Common line: nothing can tell.
    for (let end = common.length - 3; end <= common.length + 1; end++) commonEnds.add(end);
    for (let end = 1; end < combined.length; end++) {
      const [read] = readEach(log, [combined.slice(0, end)]);
      expect(Object.keys(read ?? {}), combined.slice(0, end)).toEqual([commonEnds.has(end) ? "record" : "bad"]);
    }
  });

  it.each([
    ["text", "hello", "no host, user and time"],
    ["a leading blank", ` ${combined}`, "no host, user and time"],
    ["JSON", '{"a": [1]}', "no time such as"],
    ["a request without quotes", `${head} GET / 200 1`, "no quoted request"],
    ["a request without end", `${head} "GET / HTTP/1.1 200 1`, "the request has no closing quote"],
    ["a status that is none", `${head} "GET / HTTP/1.1" - 1`, "the request has no closing quote with a status"],
    ["bytes that are none", `${head} "GET / HTTP/1.1" 200 x`, "the bytes are no number"],
    ["a referrer alone", `${common} "http://example.org/"`, "no user agent after the referrer"],
  ])("gives a bad record for %s", (_what, line, reason) => {
    expect(readEach(log, [line])).toEqual([{ bad: expect.stringContaining(reason) as string }]);
  });

  it("finds no record in an empty line", () => {
    expect(readEach(log, [""])).toEqual([{ none: true }]);
  });

  it("never throws, whatever the bytes", () => {
    const bytes = new TextEncoder().encode(combined);
    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [0x00, 0x20, 0x22, 0x2d, 0x5b, 0x5c, 0xff]) {
        const changed = bytes.slice();
        changed[at] = byte;
        const [read] = readEach(log, [changed]);
        if (read !== undefined && "record" in read) expect(() => JSON.stringify(read.record)).not.toThrow();
      }
    }
  });

  it("keeps a record's columns when the chunk has gone, and writes all of them", () => {
    const hit = readOne(log, combined);
    expect(hit.path).toBe("/a");
    expect(writeAll(jsonLines(), [hit])).toContain('"userAgent":"Mozilla/5.0 (X11)"');
    expect(writeAll(textTable(), [hit])).toBe(
      "192.0.2.1\t\\N\t971211336000\tGET\t/a\t200\t2326\thttp://example.org/\tMozilla/5.0 (X11)\n",
    );
  });
});
