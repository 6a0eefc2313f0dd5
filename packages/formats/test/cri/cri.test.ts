import { checkInputFormat, cri } from "@millrace/formats";
import { inputFormatOf } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { plain, readText } from "../read-text.ts";

const stamp = "2016-10-06T00:17:09.669794202Z";
const ms = Date.UTC(2016, 9, 6, 0, 17, 9, 669);
const record = (log: string, more: object = {}): unknown => ({
  time: ms,
  stream: "stdout",
  log,
  partial: false,
  ...more,
});
const logs = (file: string | Uint8Array): unknown => {
  const { records, bad } = readText(cri(), file);
  return { records: plain(records), bad };
};

describe("cri()", () => {
  it("joins the parts of a line, each stream by itself", () => {
    const lines = [
      `${stamp} stdout P log content 1`,
      `2016-10-06T00:17:10Z stderr P err`,
      `2016-10-06T00:17:10.5+01:00 stdout P , and 2`,
      `${stamp} stderr F or`,
      `${stamp} stdout F , and 3`,
      `${stamp} stdout F `,
      `${stamp} stdout F`,
      `${stamp} stdout F:tag {"a": 1}`,
    ];
    expect(logs(`${lines.join("\n")}\n`)).toEqual({
      records: [
        record("error", { stream: "stderr", time: Date.UTC(2016, 9, 6, 0, 17, 10) }),
        record("log content 1, and 2, and 3"),
        record(""),
        record(""),
        record('{"a": 1}'),
      ],
      bad: [],
    });
  });

  it("joins a character that lies across two parts, and a CR at the end of one", () => {
    const line = (tag: string, ...log: readonly number[]): readonly number[] => [
      ...new TextEncoder().encode(`${stamp} stdout ${tag} `),
      ...log,
      0x0a,
    ];
    const file = [...line("P", 0x61, 0xc3), ...line("P", 0xa4, 0x0d), ...line("F", 0x62, 0x0d)];
    expect(logs(Uint8Array.from(file))).toEqual({ records: [record("aä\rb")], bad: [] });
  });

  it("gives parts as records when they are not joined, and splits", () => {
    const apart = cri({ joinPartial: false });
    expect(inputFormatOf(apart).splitting).toBe("delimiter");
    expect(inputFormatOf(cri()).splitting).toBe("none");
    expect(plain(readText(apart, `${stamp} stdout P a\n${stamp} stdout F b\r\n`).records)).toEqual([
      record("a", { partial: true }),
      record("b"),
    ]);
  });

  it.each([
    ["without a tag", `${stamp} stdout`, "no time, stream and tag"],
    ["with another tag", `${stamp} stdout X a`, "no tag F or P after the stream"],
    ["with a longer tag", `${stamp} stdout FP a`, "no tag F or P after the stream"],
    ["with an empty tag", `${stamp} stdout  a`, "no tag F or P after the stream"],
    ["of another stream", `${stamp} stdin F a`, "no stream stdout or stderr after the time"],
    ["with another time", `2016-13-06T00:17:09Z stdout F a`, "no time such as 2026-11-25T23:00:01.123456789Z"],
    ["of another kind", `{"log":"a"}`, "no time, stream and tag"],
    ["that is long and has no blank", "x".repeat(10_000), "no time, stream and tag"],
  ])("gives a bad record for a line %s, at the begin, in the middle and at the end", (_what, line, reason) => {
    const good = `${stamp} stdout F a`;
    for (const lines of [
      [line, good, good],
      [good, line, good],
      [good, good, line],
    ]) {
      expect(logs(lines.join("\n"))).toEqual({ records: [record("a"), record("a")], bad: [reason] });
    }
  });

  it("gives one bad record for lines whose last part the file does not have", () => {
    expect(logs(`${stamp} stdout P a\n${stamp} stderr P b\n`)).toEqual({
      records: [],
      bad: ["the file ends before the last part of a line of stderr and stdout"],
    });
  });

  it("gives up on parts of more than 64 MiB, to the last one, and goes on behind them", () => {
    const part = `${stamp} stdout P ${"x".repeat(1024 * 1024)}\n`;
    const behind = [
      `${stamp} stdout P one too many`,
      `${stamp} stdout P and more of the line`,
      `${stamp} stderr F another stream`,
      `${stamp} stdout F its end`,
      `${stamp} stdout P y`,
      `${stamp} stdout F z`,
    ];
    const { records, bad } = readText(cri(), part.repeat(64) + behind.join("\n"));
    expect({ records: records.map(({ log }) => log), bad }).toEqual({
      records: ["another stream", "yz"],
      bad: ["the parts of a line have more than 67108864 bytes"],
    });
  });

  it.each([
    ["is the one too many", "F one too many", ["next"]],
    ["is missing", "P one too many", []],
  ])("gives one bad record for parts of more than 64 MiB whose last one %s", (_what, last, logsBehind) => {
    const part = `${stamp} stdout P ${"x".repeat(1024 * 1024)}\n`;
    const next = logsBehind.map((log) => `${stamp} stdout F ${log}\n`).join("");
    const { records, bad } = readText(cri(), `${part.repeat(64)}${stamp} stdout ${last}\n${next}`);
    expect({ records: records.map(({ log }) => log), bad }).toEqual({
      records: logsBehind,
      bad: ["the parts of a line have more than 67108864 bytes"],
    });
  });

  it("passes the conformance kit, joined and apart", () => {
    const bytes = `${stamp} stdout P a\nbad\n\n${stamp} stderr F ä\r\n${stamp} stdout F b\n${stamp} stdout P open`;
    const expected = [record("ä", { stream: "stderr" }), record("ab")];
    expect(
      checkInputFormat(cri(), [{ bytes, records: expected, bad: 2 }, { bytes: `${stamp} stdout F c\n` }]),
    ).toMatchObject({
      records: 3,
      badRecords: 2,
    });
    expect(checkInputFormat(cri({ joinPartial: false }), [{ bytes }])).toMatchObject({ records: 4, badRecords: 1 });
  });
});
