// How fast lines become records: each text format over lines in memory, as a task reads them, once with no column read,
// once with one, once with all. What is not read costs nothing but finding where it ends.
// Run: node --conditions=millrace-source bench/formats.ts [megabytes] [format]

import { createSplitReader } from "@millrace/data";
import {
  combinedLog,
  cri,
  csv,
  events,
  jsonLines,
  logFormat,
  logfmt,
  nginxTimed,
  syslog,
  textLines,
} from "@millrace/formats";
import { type Input, double, int, object, optional, text, time } from "@millrace/sdk";
import { badRecord, inputFormatOf, noRecord } from "@millrace/sdk/engine";
import { seededRandom } from "./data-corpus.ts";

const megabytes = Number(process.argv[2] ?? 64);
const only = process.argv[3] ?? "";
const chunkBytes = 1 << 20;
const rounds = 3;

interface Case {
  readonly name: string;
  readonly input: Input<unknown>;
  readonly line: (index: number, random: () => number) => string;
  readonly columns: readonly string[];
}

function pick<T>(random: () => number, of: readonly T[]): T {
  const place = Math.floor(random() * of.length);
  for (const item of of.slice(place, place + 1)) return item;
  throw new Error("nothing to pick from");
}
const paths = Array.from({ length: 500 }, (_, index) => `/articles/${index * 7919}/page.html?ref=${index}`);
const agents = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
  "curl/8.5.0",
];
const two = (n: number): string => String(n).padStart(2, "0");
const clock = (index: number): string => {
  const seconds = Math.floor(index / 50);
  return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};

function hit(index: number, random: () => number): string {
  const host = `10.${index % 250}.${Math.floor(random() * 250)}.7`;
  const request = `GET ${pick(random, paths)} HTTP/1.1`;
  return `${host} - - [25/Nov/2026:${clock(index)} +0000] "${request}" ${pick(random, [200, 200, 200, 304, 404])} ${Math.floor(random() * 50_000)} "-" "${pick(random, agents)}"`;
}

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const hitColumns = ["host", "user", "time", "method", "path", "status", "bytes", "referrer", "userAgent"];
const orderColumns = { id: int(), at: time(), country: text(), note: optional(text()), price: double() };
const order = (index: number, random: () => number): string =>
  `${index},2026-11-25T${clock(index)}Z,${pick(random, ["DE", "FR", "GB"])},${pick(random, ["", "a plain note", '"quoted, with ""quotes"""'])},${(random() * 100).toFixed(2)}`;

const cases: readonly Case[] = [
  { name: "textLines", input: textLines(), line: hit, columns: [] },
  { name: "combinedLog", input: combinedLog(), line: hit, columns: hitColumns },
  { name: "logFormat", input: logFormat(combined), line: hit, columns: hitColumns },
  {
    name: "nginxTimed",
    input: nginxTimed(),
    line: (index, random) => `${hit(index, random)} ${random().toFixed(3)} ${random().toFixed(3)}`,
    columns: ["requestTime", ...hitColumns],
  },
  {
    name: "csv",
    input: csv({ columns: orderColumns, header: false }),
    line: order,
    columns: ["id", "at", "country", "note", "price"],
  },
  {
    name: "csv quotedNewlines",
    input: csv({ columns: orderColumns, header: false, quotedNewlines: true }),
    line: order,
    columns: ["id", "at", "country", "note", "price"],
  },
  {
    name: "logfmt",
    input: logfmt({ columns: { level: text(), msg: text(), status: int(), ms: double() } }),
    line: (index, random) =>
      `ts=2026-11-25T${clock(index)}Z level=${pick(random, ["info", "warn"])} msg="request served" path=${pick(random, paths)} status=200 ms=${random().toFixed(3)} request_id=${Math.floor(random() * 1e9)}`,
    columns: ["level", "msg", "status", "ms"],
  },
  {
    name: "syslog RFC 3164",
    input: syslog({ year: 2026 }),
    line: (index, random) =>
      `Nov 25 ${clock(index)} web1 sshd[${index % 30_000}]: Accepted publickey for ann from 10.0.0.${Math.floor(random() * 250)} port 22`,
    columns: ["time", "host", "app", "procId", "message"],
  },
  {
    name: "syslog RFC 5424",
    input: syslog(),
    line: (index, random) =>
      `<165>1 2026-11-25T${clock(index)}.003Z web1.example.org app ${index % 30_000} ID47 [ex@32473 iut="3" id="${Math.floor(random() * 1e6)}"] request served`,
    columns: ["time", "host", "app", "procId", "message"],
  },
  {
    name: "cri",
    input: cri(),
    line: (index, random) =>
      `2026-11-25T${clock(index)}.123456789Z stdout F {"path":"${pick(random, paths)}","n":${index}}`,
    columns: ["time", "stream", "log"],
  },
  {
    name: "events, expression",
    input: events({ startsWith: /\d{4}-\d\d-\d\d / }),
    line: (index, random) =>
      index % 4 === 0
        ? `2026-11-25 ${clock(index)} ERROR it failed`
        : `\tat org.example.Main.run(Main.java:${Math.floor(random() * 999)})`,
    columns: ["firstLine", "text"],
  },
  {
    name: "jsonLines",
    input: jsonLines(object({ path: text(), status: int() })),
    line: (index, random) => `{"path":"${pick(random, paths)}","status":200,"n":${index}}`,
    columns: ["path", "status"],
  },
];

function corpus(line: Case["line"]): Uint8Array {
  const random = seededRandom(7);
  const lines: string[] = [];
  for (let index = 0, bytes = 0; bytes < megabytes * 1e6; index++) {
    const made = line(index, random);
    lines.push(made);
    bytes += made.length + 1;
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}

/** Read all and the columns named. @returns seconds. */
function readAll(input: Input<unknown>, bytes: Uint8Array, columns: readonly string[]): number {
  const format = inputFormatOf(input);
  const reader = format.createReader({ count: () => undefined });
  let at = 0;
  const source = {
    seek: (offset: number) => {
      at = offset;
    },
    next: () => {
      const chunk = at < bytes.length ? bytes.subarray(at, Math.min(at + chunkBytes, bytes.length)) : undefined;
      at += chunk?.length ?? 0;
      return chunk;
    },
  };
  // Processor time of this thread: other work of the machine does not count.
  const before = process.threadCpuUsage();
  reader.begin?.({ uri: "memory:", offset: 0 });
  let seen = 0;
  const split = createSplitReader({ source, start: 0, end: bytes.length, framing: format.framing });
  for (let batch = split.nextBatch(); batch !== undefined; batch = split.nextBatch()) {
    for (let index = 0; index < batch.count; index++) {
      const record = reader.read(batch.bytes, batch.offsets[2 * index] ?? 0, batch.offsets[2 * index + 1] ?? 0);
      if (record === badRecord) throw new Error(`a bad record: ${reader.reason()}`);
      if (record === noRecord) continue;
      for (const column of columns) if ((record as Record<string, unknown>)[column] !== null) seen++;
    }
  }
  if (seen < 0) throw new Error("nothing was read");
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}

function bestOf(input: Input<unknown>, bytes: Uint8Array, columns: readonly string[]): string {
  const seconds = Math.min(...Array.from({ length: rounds }, () => readAll(input, bytes, columns)));
  return `${Math.round(bytes.length / 1e6 / seconds)}`.padStart(10);
}

console.log(`MB/s of ${megabytes} MB, best of ${rounds}`);
console.log(`${"format".padEnd(22)}${"no column".padStart(10)}${"one".padStart(10)}${"all".padStart(10)}`);
for (const { name, input, line, columns } of cases.filter((each) => each.name.includes(only))) {
  const bytes = corpus(line);
  const cells = [[], columns.slice(-1), columns].map((read) => bestOf(input, bytes, read));
  console.log(`${name.padEnd(22)}${cells.join("")}`);
}
