// The answer to `traffic`. Millrace writes JSON with times as numbers, peers columns between tabs with times as the log
// spells them. Quantiles are compared within a tolerance, as a sketch and a sorted list do not agree to the last digit.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Answer } from "./answer.ts";
import { outputLines } from "./output-files.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Peers write this for the quantile of a group without a number. */
const noQuantile = -1;

/** Groups with fewer hits have no 99th percentile to speak of: it is their greatest, by some definitions, or between two. */
const hitsMin = 1_000;

interface Minute {
  readonly status: number;
  /** Such as `2026-01-31T23:59`. */
  readonly minute: string;
  readonly hits: number;
  readonly bytes: number;
  readonly p99: number | undefined;
}

/** Read what Millrace wrote. */
export function millraceTrafficAnswer(output: string): Answer {
  const minutes = outputLines(join(output, "minutes")).map((line): Minute => {
    const row = JSON.parse(line) as { status: number; minute: number; hits: number; bytes: number; p99: number | null };
    return { ...row, minute: new Date(row.minute).toISOString().slice(0, 16), p99: row.p99 ?? noQuantile };
  });
  const paths = outputLines(join(output, "paths")).map((line) => {
    const row = JSON.parse(line) as { path: string; bytes: number };
    return `${row.path}\t${row.bytes}`;
  });
  return answerOf(minutes, paths);
}

/** Read what a peer wrote; it may lack the quantiles. */
export function peerTrafficAnswer(output: string): Answer {
  const minutes = outputLines(join(output, "minutes")).map((line): Minute => {
    const [status, minute = "", hits, bytes, p99] = line.split("\t");
    return {
      status: Number(status),
      minute: isoMinute(minute),
      hits: Number(hits),
      bytes: Number(bytes),
      p99: p99 === undefined ? undefined : Number(p99),
    };
  });
  return answerOf(minutes, outputLines(join(output, "paths")));
}

/** `31/Jan/2026:23:59` as `2026-01-31T23:59`: generated logs are in UTC. */
export function isoMinute(stamp: string): string {
  const month = String(months.indexOf(stamp.slice(3, 6)) + 1).padStart(2, "0");
  return `${stamp.slice(7, 11)}-${month}-${stamp.slice(0, 2)}T${stamp.slice(12, 17)}`;
}

function answerOf(minutes: readonly Minute[], paths: readonly string[]): Answer {
  const rows = minutes.map((row) => `${row.minute}\t${row.status}\t${row.hits}\t${row.bytes}`).toSorted();
  const hash = createHash("sha256")
    .update([...rows, ...paths.toSorted()].join("\n"))
    .digest("hex")
    .slice(0, 24);
  const size = `${minutes.length} minutes, ${paths.length} paths`;
  if (minutes.every((row) => row.p99 === undefined)) return { size, hash };
  // One that is missing among others is a difference.
  const near = minutes.flatMap(({ status, minute, hits, p99 }): [string, number][] =>
    hits < hitsMin || p99 === undefined ? [] : [[`p99 of ${status} at ${minute}`, p99]],
  );
  return { size, hash, near: new Map(near) };
}
