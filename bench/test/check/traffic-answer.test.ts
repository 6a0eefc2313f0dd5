import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { differenceOf } from "../../check/answer.ts";
import { isoMinute, millraceTrafficAnswer, peerTrafficAnswer } from "../../check/traffic-answer.ts";

const directory = mkdtempSync(join(tmpdir(), "millrace-bench-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

function output(name: string, minutes: string, paths: string): string {
  const path = join(directory, name);
  mkdirSync(join(path, "minutes"), { recursive: true });
  mkdirSync(join(path, "paths"));
  writeFileSync(join(path, "minutes", "part-0"), minutes);
  writeFileSync(join(path, "paths", "part-0"), paths);
  return path;
}

const json = output(
  "json",
  `{"status":200,"minute":1767225600000,"hits":2000,"bytes":50,"p99":9.1}
{"status":304,"minute":1767225660000,"hits":3,"bytes":0,"p99":null}
`,
  '{"path":"/a","bytes":50}\n',
);

test("both readings of one answer agree", () => {
  const columns = output(
    "columns",
    "304\t01/Jan/2026:00:01\t3\t0\t-1\n200\t01/Jan/2026:00:00\t2000\t50\t9\n",
    "/a\t50\n",
  );
  expect(differenceOf(millraceTrafficAnswer(json), peerTrafficAnswer(columns), 0.02)).toBeUndefined();
});

test("peerTrafficAnswer() of who has no quantiles agrees on the rest", () => {
  const columns = output("without", "304\t01/Jan/2026:00:01\t3\t0\n200\t01/Jan/2026:00:00\t2000\t50\n", "/a\t50\n");
  const answer = peerTrafficAnswer(columns);
  expect(answer.near).toBeUndefined();
  expect(differenceOf(millraceTrafficAnswer(json), answer, 0.02)).toBeUndefined();
});

test("a wrong sum or a wrong quantile of a large group is told", () => {
  const wrong = output("wrong", "304\t01/Jan/2026:00:01\t3\t0\t-1\n200\t01/Jan/2026:00:00\t2000\t50\t12\n", "/a\t50\n");
  expect(differenceOf(millraceTrafficAnswer(json), peerTrafficAnswer(wrong), 0.02)).toContain("p99 of 200");
  const sum = output("sum", "304\t01/Jan/2026:00:01\t3\t0\t-1\n200\t01/Jan/2026:00:00\t2000\t51\t9\n", "/a\t50\n");
  expect(differenceOf(millraceTrafficAnswer(json), peerTrafficAnswer(sum), 0.02)).toContain("hash");
});

test("a quantile that is missing among others is told", () => {
  const columns = output("missing", "304\t01/Jan/2026:00:01\t3\t0\t-1\n200\t01/Jan/2026:00:00\t2000\t50\n", "/a\t50\n");
  expect(differenceOf(millraceTrafficAnswer(json), peerTrafficAnswer(columns), 0.02)).toContain(
    "0 numbers, expected 1",
  );
});

test("isoMinute() reads the stamp of a log", () => {
  expect(isoMinute("31/Dec/2026:23:59")).toBe("2026-12-31T23:59");
});
