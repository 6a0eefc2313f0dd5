import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import logErrors from "../src/log-errors.ts";

type Row = { readonly count: number; readonly template: string; readonly first: string; readonly last: string };
const run = async (input: readonly string[], params: Readonly<Record<string, string>> = {}): Promise<readonly Row[]> =>
  (await testJob(logErrors, { input, params, reduces: 3, maps: 3 })).records as readonly Row[];
const templateOf = async (line: string): Promise<string | undefined> =>
  (await run([line], { pattern: "" }))[0]?.template;

describe("log-errors", () => {
  it("counts lines by what is the same in them, the most frequent first, with the first and the last of the input", async () => {
    expect(
      await run([
        "2026-01-02T03:04:05Z INFO started",
        '2026-01-02T03:04:05Z ERROR user 5 "ann" failed',
        "2026-01-02T03:04:06Z ERROR disk full",
        '2026-01-02T03:04:07Z ERROR user 77 "bob smith" failed',
        "2026-01-02T03:04:08Z ERROR disk full",
        "2026-01-02T03:04:09Z ERROR disk full",
        "2026-01-02T03:04:09Z panic: out of memory",
      ]),
    ).toEqual([
      {
        count: 3,
        template: "<time> ERROR disk full",
        first: "2026-01-02T03:04:06Z ERROR disk full",
        last: "2026-01-02T03:04:09Z ERROR disk full",
      },
      {
        count: 2,
        template: "<time> ERROR user <n> <text> failed",
        first: '2026-01-02T03:04:05Z ERROR user 5 "ann" failed',
        last: '2026-01-02T03:04:07Z ERROR user 77 "bob smith" failed',
      },
      {
        count: 1,
        template: "<time> panic: out of memory",
        first: "2026-01-02T03:04:09Z panic: out of memory",
        last: "2026-01-02T03:04:09Z panic: out of memory",
      },
    ]);
  });

  it.each([
    ["Nov  5 23:00:01 web12 sshd[123]: error", "<time> web<n> sshd[<n>]: error"],
    ["[10/Oct/2000:13:55:36 -0700] error", "[<time>] error"],
    ["2026-01-02 03:04:05,678 error", "<time> error"],
    ["at 03:04:05.5 error", "at <time> error"],
    ["10.0.0.1:5432 and 192.168.1.255 and 10.0.0", "<ip> and <ip> and <n>"],
    ["version 1.2.3.4.5", "version <n>"],
    ["fe80::1 and 2001:db8:0:0:1:0:0:1 and std::vector and A::B", "<ip> and <ip> and std::vector and A::B"],
    ["550e8400-e29b-41d4-a716-446655440000", "<id>"],
    ["0xDEADBEEF deadbeef deadbee5 a1b2c3d", "<hex> deadbeef <hex> a<n>b<n>c<n>d"],
    ["-5 +1.5e-3 1,000 50% 12ms x-3 9", "<n> <n> <n> <n>% <n>ms x-<n> <n>"],
    ["'one two' don't \"a \\\" b\" it's", "<text> don't <text> it's"],
    ["naïve größe42 ключ7", "naïve größe<n> ключ<n>"],
    ["/users/42/orders/9f8e7d6c5b4a", "/users/<n>/orders/<hex>"],
    ['an open " quote 5', 'an open " quote <n>'],
  ])("masks %j", async (line, template) => {
    expect(await templateOf(line)).toBe(template);
  });

  it("takes the lines that the pattern is found in, and as many templates as it is told", async () => {
    const input = ["Error: a", "a failure", "no terror", "WARN b", "errors"];
    expect((await run(input)).map(({ template }) => template)).toEqual(["Error: a", "a failure", "errors"]);
    expect((await run(input, { ignoreCase: "false" })).map(({ template }) => template)).toEqual([
      "a failure",
      "errors",
    ]);
    expect((await run(input, { pattern: "WARN" })).map(({ template }) => template)).toEqual(["WARN b"]);
    expect(await run(input, { top: "2" })).toHaveLength(2);
  });

  it("knows a long line by its begin", async () => {
    const [row] = await run([`error ${"x".repeat(990)}\u{1f600}${"y".repeat(100_000)}`]);
    expect(row?.template.length).toBeLessThanOrEqual(1000);
    expect(row?.first.isWellFormed()).toBe(true);
  });
});
