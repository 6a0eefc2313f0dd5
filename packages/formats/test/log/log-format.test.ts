import { checkInputFormat, combinedLog, logFormat } from "@millrace/formats";
import { type Expr, type Input, boolean, int, optional, text } from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { readEach, readOne } from "../read-records.ts";
import { plain, readText } from "../read-text.ts";

const stamp = "10/Oct/2000:13:55:36 -0700";
const ms = Date.UTC(2000, 9, 10, 20, 55, 36);
const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const apacheCombined = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"';
const timed = `${combined} rt=$request_time uct=$upstream_connect_time urt=$upstream_response_time cs=$upstream_cache_status`;

function one(pattern: string, line: string): unknown {
  return plain(readEach(logFormat(pattern), [line]));
}

describe("logFormat()", () => {
  it("reads nginx's own lines with types from the pattern", () => {
    const log = logFormat(timed);
    const line = `192.0.2.1 - frank [${stamp}] "GET /a?b=1 HTTP/2.0" 200 2326 "-" "Mozilla/5.0 (X11)" rt=0.123 uct=0.001, 0.002 : 0.003 urt=0.010, - : 0.020 cs=MISS`;
    expect(plain([readOne(log, line)])).toEqual([
      {
        host: "192.0.2.1",
        user: "frank",
        time: ms,
        method: "GET",
        path: "/a?b=1",
        protocol: "HTTP/2.0",
        status: 200,
        bytes: 2326,
        referrer: null,
        userAgent: "Mozilla/5.0 (X11)",
        requestTime: 0.123,
        upstreamConnectTime: 0.006,
        upstreamResponseTime: 0.03,
        upstreamCacheStatus: "MISS",
      },
    ]);
    expectTypeOf(log.status).toEqualTypeOf<Expr<"number", never>>();
    expectTypeOf(log.requestTime).toEqualTypeOf<Expr<"number", null>>();
    expectTypeOf(log.time).toEqualTypeOf<Expr<"time", never>>();
    expectTypeOf(log.upstreamCacheStatus).toEqualTypeOf<Expr<"text", null>>();
    expectTypeOf<typeof log extends Input<infer R> ? R : never>().toHaveProperty("path").toEqualTypeOf<string>();
  });

  it("reads Apache's lines", () => {
    const log = logFormat(
      `%v:%p ${apacheCombined} %D "%{X-Forwarded-For}i" %I %O %X %{ms}T %{SSL_PROTOCOL}x`.replace(
        " %{SSL_PROTOCOL}x",
        "",
      ),
    );
    const line = `example.org:443 192.0.2.1 - - [${stamp}] "GET / HTTP/1.1" 304 - "http://e.org/" "curl/8 \\"x\\"" 1500 "10.0.0.1, 10.0.0.2" 77 99 + 2`;
    expect(plain([readOne(log, line)])).toEqual([
      {
        serverName: "example.org",
        serverPort: 443,
        host: "192.0.2.1",
        remoteIdent: null,
        user: null,
        time: ms,
        method: "GET",
        path: "/",
        protocol: "HTTP/1.1",
        status: 304,
        bytes: null,
        referrer: "http://e.org/",
        userAgent: 'curl/8 "x"',
        requestTime: 0.0015,
        httpXForwardedFor: "10.0.0.1, 10.0.0.2",
        requestLength: 77,
        bytesSent: 99,
        connectionStatus: "+",
      },
    ]);
    const typed = logFormat('%h %{X-Forwarded-For}i %400,501{User-agent}i %!200{Referer}i %{usec}t "%r" %>s %D');
    expectTypeOf(typed.httpXForwardedFor).toEqualTypeOf<Expr<"text", null>>();
    expectTypeOf(typed.userAgent).toEqualTypeOf<Expr<"text", null>>();
    expectTypeOf(typed.referrer).toEqualTypeOf<Expr<"text", null>>();
    expectTypeOf(typed.time).toEqualTypeOf<Expr<"time", never>>();
    expectTypeOf(typed.requestTime).toEqualTypeOf<Expr<"number", null>>();
    expectTypeOf(typed.method).toEqualTypeOf<Expr<"text", never>>();
    // @ts-expect-error: no variable of the pattern gives it.
    expect(() => typed.bytes).toThrow("there is none of this name");
  });

  it("gives what combinedLog() gives, for its pattern in both languages", () => {
    const lines = [
      `192.0.2.1 - frank [${stamp}] "GET /a HTTP/1.0" 200 2326 "http://example.org/" "Mozilla/5.0 (X11)"`,
      `2001:db8::1 - user with [blanks] [${stamp}] "-" 400 - "-" "-"`,
      `h - - [${stamp}] "GET /say\\"hi\\" HTTP/1.1" 200 0 "" "a \\"b\\" c"`,
      `h - - [${stamp}] "GET /bare"quote and blank HTTP/1.1" 200 1 "-" "\\xe4\\xbd\\xa0"`,
      `h - - [${stamp}] "\\x16\\x03" 400 1 "-" "-"`,
      `h - - [${stamp}] "GET /old" 200 1 "-" "-"`,
    ];
    const wanted = plain(lines.map((line) => readOne(combinedLog(), line))) as readonly object[];
    for (const pattern of [combined, apacheCombined]) {
      const got = plain(lines.map((line) => readOne(logFormat(pattern as typeof combined), line))) as readonly object[];
      expect(got).toEqual(wanted.map((record, index) => expect.objectContaining(index === 5 ? { ...record } : record)));
    }
  });

  it.each([
    ["$msec $status", "1700000000.123 200", { time: 1_700_000_000_123 }],
    ["$time_iso8601 $status", "2026-01-02T03:04:05+01:00 200", { time: Date.UTC(2026, 0, 2, 2, 4, 5) }],
    ["%{sec}t %s", "1700000000 200", { time: 1_700_000_000_000 }],
    ["%{msec}t %s", "1700000000123 200", { time: 1_700_000_000_123 }],
    ["%{usec}t %s", "1700000000123999 200", { time: 1_700_000_000_123 }],
    ["%{%Y-%m-%dT%H:%M:%S%z}t %s", "2026-01-02T03:04:05+0100 200", { time: Date.UTC(2026, 0, 2, 2, 4, 5) }],
    ["[%{%d/%b/%Y:%H:%M:%S %z}t] %s", `[${stamp}] 200`, { time: ms }],
    ["%T %s", "2 200", { requestTime: 2 }],
    ["$time_local $msec $status", `${stamp} 1.5 200`, { time: ms }],
    ["$request_time $status", "- 200", { requestTime: null }],
    ['"$upstream_response_time" $status', '"-, -" 200', { upstreamResponseTime: null }],
    ['"$upstream_response_time" $status', '"0.001, 0.002 : 0.003" 200', { upstreamResponseTime: 0.006 }],
    [
      "$upstream_addr $status",
      "10.0.0.1:80, 10.0.0.2:80 : unix:/a 200",
      { upstreamAddr: "10.0.0.1:80, 10.0.0.2:80 : unix:/a" },
    ],
    ["$status $upstream_addr", "200 10.0.0.1:80, 10.0.0.2:80", { upstreamAddr: "10.0.0.1:80, 10.0.0.2:80" }],
    ["$request_method $request_uri $status", "GET /a b 200", { method: "GET", path: "/a b" }],
    ["$request_method $request_uri $status", "- - 200", { method: "", path: "" }],
    ["${request_method}:${status}", "GET:200", { method: "GET" }],
    ["%m:%%:%s", "GET:%:200", { method: "GET" }],
    ["$gzip_ratio $pid $connection $status", "2.75 1 2 200", { gzipRatio: 2.75, pid: 1, connection: 2 }],
    ["$status|$http_x__y|$arg_A1", "200|a b|c", { httpXY: "a b", argA1: "c" }],
    ["$status $remote_user", "200 ", { user: "" }],
    ["before $status after", "before 200 after", {}],
  ])("reads %j", (pattern, line, expected) => {
    expect(one(pattern, line)).toEqual([{ record: { status: 200, ...expected } }]);
  });

  it("types the author's columns anew", () => {
    const log = logFormat("$status $http_x_count $request_time $ssl_reused", {
      columns: { httpXCount: optional(int()), status: text(), sslReused: boolean() },
    });
    expectTypeOf(log.httpXCount).toEqualTypeOf<Expr<"number", null>>();
    expectTypeOf(log.status).toEqualTypeOf<Expr<"text", never>>();
    expect(plain(readEach(log, ["200 - 1.5 true", "abc 12 - false", "200 x - true"]))).toEqual([
      { record: { status: "200", httpXCount: null, requestTime: 1.5, sslReused: true } },
      { record: { status: "abc", httpXCount: 12, requestTime: null, sslReused: false } },
      { bad: "$http_x_count is no whole number" },
    ]);
  });

  it.each([
    ["$remote_addr$status", "nothing stands between $remote_addr and $status"],
    ["%h%>s", "nothing stands between %h and %>s"],
    ["no variable", "it has no variable such as $status or %>s"],
    ["", "it has no variable"],
    ["%h %{%c}t", "the directive %{%c}t is not known here"],
    ["%h %Z", "the directive %Z is not known here"],
    ["$status $constructor", 'the column name "constructor" is taken'],
  ])("refuses the pattern %j", (pattern, reason) => {
    expect(() => logFormat(pattern)).toThrow(reason);
  });

  it("refuses columns that the pattern does not give", () => {
    expect(() => logFormat("$status", { columns: { statsu: int() } })).toThrow('did you mean "status"');
    expect(() => logFormat("$request $status", { columns: { path: int() } })).toThrow('"path" is a part of $request');
  });

  const good = `192.0.2.1 - - [${stamp}] "GET / HTTP/1.1" 200 5 "-" "-" rt=0.001 uct=- urt=- cs=-`;
  it.each([
    ["cut off in the request", good.slice(0, 50), "no $request where the pattern has it"],
    ["cut off before its last field", good.slice(0, -4), "no $upstream_response_time where the pattern has it"],
    ["without its last value", good.slice(0, -1), "no $upstream_cache_status where the pattern has it"],
    ["with a word more", `${good} more`, "the line goes on where the pattern ends"],
    ["with another time", good.replace("Oct", "Okt"), "$time_local is no time"],
    ["with another status", good.replace(" 200 ", " 2x0 "), "$status is no whole number"],
    ["with bytes that are none", good.replace(" 5 ", " 5k "), "$body_bytes_sent is no whole number"],
    ["with a time of the request that is none", good.replace("rt=0.001", "rt=fast"), "$request_time is no number"],
    ["with a list that is none", good.replace("uct=-", "uct=0.1, x"), "$upstream_connect_time is no number"],
    ["without a host", good.replace("192.0.2.1", ""), "no $remote_addr where the pattern has it"],
    ["of another kind", "hello", "no $remote_addr where the pattern has it"],
  ])("gives a bad record for a line %s, at the begin, in the middle and at the end", (_what, line, reason) => {
    for (const lines of [
      [line, good, good],
      [good, line, good],
      [good, good, line],
    ]) {
      const { records, bad } = readText(logFormat(timed), lines.join("\n"));
      expect({ bad, records: records.length }).toEqual({
        bad: [reason],
        records: 2,
      });
    }
  });

  it("tells when a line does not begin as the pattern", () => {
    expect(one("access: $status", "error: 200")).toEqual([{ bad: "the line does not begin as the pattern does" }]);
    expect(one("$status;", "200; ")).toEqual([{ bad: "the line goes on where the pattern ends" }]);
  });

  it("takes no seconds since 1970 whose milliseconds are no safe integer", () => {
    expect(plain(readEach(logFormat("$msec $status"), ["17000000000001230 200", "1700000000.123 200"]))).toEqual([
      { bad: "$msec is no time" },
      { record: { time: 1_700_000_000_123, status: 200 } },
    ]);
    expect(plain(readEach(logFormat("%{usec}t %s"), ["9007199254740992000 200", "9007199254740000000 200"]))).toEqual([
      { bad: "%{usec}t is no time" },
      { record: { time: 9_007_199_254_740_000, status: 200 } },
    ]);
  });

  it("reads back what nginx writes of any request", () => {
    // As ngx_http_log_escape has it: what is no visible ASCII, a quote and a backslash become \\xHH.
    const escape = (text: string): string =>
      Array.from(Buffer.from(text), (byte) =>
        byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
          ? `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`
          : String.fromCharCode(byte),
      ).join("");
    const texts = fc.string({
      unit: fc.constantFrom('"', "\\", " ", "[", "]", "-", "a", "1", ",", ":", "ä", "😀", "\n", "\0", "200"),
    });
    // A text that is `-` alone is one that is not there.
    const given = texts.filter((text) => text !== "-");
    const hits = fc.record({
      host: fc.ipV6(),
      user: fc.option(fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8})?$/u)),
      time: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
      method: fc.constantFrom("GET", "POST", "M-SEARCH"),
      path: texts.map((text) => `/${text}`),
      protocol: fc.constantFrom("HTTP/1.1", "HTTP/2.0"),
      status: fc.integer({ min: 100, max: 599 }),
      bytes: fc.option(fc.nat()),
      referrer: fc.option(given),
      userAgent: fc.option(given),
      requestTime: fc.nat().map((ms) => ms / 1000),
      upstreamAddr: fc.option(fc.constantFrom("10.0.0.1:80", "10.0.0.1:80, unix:/a : 10.0.0.2:80")),
      upstreamConnectTime: fc.option(fc.nat(99_999).map((ms) => ms / 1000)),
      httpXForwardedFor: fc.option(given),
    });
    const pattern =
      '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time $upstream_addr $upstream_connect_time "$http_x_forwarded_for"';
    const names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
    const log = logFormat(pattern);
    fc.assert(
      fc.property(hits, (hit) => {
        const at = new Date(hit.time);
        const day = `${String(at.getUTCDate()).padStart(2, "0")}/${names[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
        const optional = (value: string | number | null): string => (value === null ? "-" : escape(String(value)));
        const connect = hit.upstreamConnectTime;
        const line = [
          `${hit.host} - ${optional(hit.user)} [${day}:${at.toISOString().slice(11, 19)} +0000]`,
          `"${escape(`${hit.method} ${hit.path} ${hit.protocol}`)}" ${hit.status} ${optional(hit.bytes)}`,
          `"${optional(hit.referrer)}" "${optional(hit.userAgent)}" ${hit.requestTime.toFixed(3)}`,
          `${optional(hit.upstreamAddr)} ${connect === null ? "-" : `${connect.toFixed(3)}, - : 0.000`}`,
          `"${optional(hit.httpXForwardedFor)}"`,
        ].join(" ");
        expect(plain([readOne(log, line)])).toEqual([hit]);
      }),
      { numRuns: 500 },
    );
  });

  it("is not quadratic in what may be the end of a text", () => {
    const log = logFormat('"$http_user_agent" $request_time;$status');
    const line = `"${'" '.repeat(2_000_000)}`;
    expect(readEach(log, [line, `${line}" 0.5;200`])).toMatchObject([
      { bad: "no $request_time where the pattern has it" },
      { record: { requestTime: 0.5, status: 200 } },
    ]);
  });

  it("passes the conformance kit", () => {
    const report = checkInputFormat(logFormat(timed), [
      { bytes: `\uFEFF${good}\r\nbad\n\n${good.replace("/ H", "/\\x22 \\xff H")}` },
      { bytes: `${good}\n` },
    ]);
    expect(report).toMatchObject({ records: 3, badRecords: 1 });
  });
});
