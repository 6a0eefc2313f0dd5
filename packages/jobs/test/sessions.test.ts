import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import sessions from "../src/sessions.ts";

const start = Date.UTC(2026, 0, 1);
const hit = (
  host: string,
  minute: number,
  path: string,
  { user = "-", agent = "curl/8", bytes = "10" } = {},
): string => {
  const at = new Date(start + minute * 60_000).toISOString();
  return `${host} - ${user} [01/Jan/2026:${at.slice(11, 19)} +0000] "GET ${path} HTTP/1.1" 200 ${bytes} "-" "${agent}"`;
};

interface Row {
  readonly visitor: string;
  readonly userAgent: string | null;
  readonly hits: number;
}

/** Rows by visitor; those of one keep their order. */
function byVisitor(records: readonly unknown[]): readonly Row[] {
  const rows = records as readonly Row[];
  return rows.toSorted((a, b) => (a.visitor < b.visitor ? -1 : a.visitor > b.visitor ? 1 : 0));
}

describe("sessions", () => {
  it("cuts where no hit follows for the gap, whatever the order of the input", async () => {
    const input = [
      hit("b", 100, "/late"),
      hit("a", 75, "/d"),
      hit("a", 0, "/a"),
      hit("a", 45, "/c", { bytes: "-" }),
      hit("a", 20, "/b"),
      hit("a", 75.02, "/e"),
    ];
    const { records } = await testJob(sessions, { input });
    const [userAgent, late] = ["curl/8", start + 6_000_000];
    expect(byVisitor(records)).toEqual([
      {
        visitor: "a",
        userAgent,
        begin: start,
        end: start + 4_501_000,
        seconds: 4501,
        hits: 5,
        bytes: 40,
        entry: "/a",
        exit: "/e",
      },
      {
        visitor: "b",
        userAgent,
        begin: late,
        end: late,
        seconds: 0,
        hits: 1,
        bytes: 10,
        entry: "/late",
        exit: "/late",
      },
    ]);
    const short = await testJob(sessions, { input, params: { gap: "24" } });
    expect(byVisitor(short.records)).toMatchObject([
      { visitor: "a", hits: 2, entry: "/a", exit: "/b" },
      { visitor: "a", hits: 1, bytes: 0, entry: "/c" },
      { visitor: "a", hits: 2, entry: "/d", exit: "/e" },
      { visitor: "b", hits: 1 },
    ]);
  });

  it("takes hits of one moment in the order of the input", async () => {
    const { records } = await testJob(sessions, {
      input: ["/1", "/2", "/3"].map((path) => hit("a", 5, path)),
      maps: 3,
    });
    expect(records).toMatchObject([{ hits: 3, entry: "/1", exit: "/3", seconds: 0 }]);
  });

  it("tells visitors apart as it is told", async () => {
    const input = [
      hit("a", 0, "/", { agent: "x" }),
      hit("a", 1, "/", { agent: "y", user: "ann" }),
      hit("b", 2, "/", { agent: "-", user: "ann" }),
    ];
    const by = async (visitor: string): Promise<unknown> => {
      const { records, counters } = await testJob(sessions, { input, params: { visitor } });
      const rows = byVisitor(records).map((row) => `${row.visitor} ${row.userAgent} ${row.hits}`);
      return [rows.toSorted((a, b) => (a < b ? -1 : 1)), counters["sessions.anonymous"] ?? 0];
    };
    expect(await by("agent")).toEqual([["a x 1", "a y 1", "b null 1"], 0]);
    expect(await by("host")).toEqual([["a null 2", "b null 1"], 0]);
    expect(await by("user")).toEqual([["ann null 2"], 1]);
  });
});
