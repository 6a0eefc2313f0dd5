// Records as lines of JSON with a check sum each, as the coordinator keeps them. A last line that is not whole is cut;
// a bad line before others is damage, which no crash can make.

import type { Simulation } from "../simulation.ts";
import { demand } from "../violation.ts";
import type { AppendFile } from "./append-file.ts";

/** Print a record as its line. */
export function printLine(record: unknown): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

/** Read all whole records of a journal and cut a torn tail. @throws {Violation} I21 for damage before the last line. */
export function readJournal(world: Simulation, file: AppendFile): unknown[] {
  const text = file.read();
  const records: unknown[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const record = end < 0 ? undefined : parseLine(text.slice(at, end));
    if (record === undefined) {
      demand(end < 0, "I21", () => `a journal is damaged at byte ${at}`);
      world.marks.hit("torn-tail");
      file.cut(at);
      break;
    }
    records.push(record);
    at = end + 1;
  }
  return records;
}

function parseLine(line: string): unknown {
  const json = line.slice(9);
  return line.slice(0, 8) === checksum(json) ? (JSON.parse(json) as unknown) : undefined;
}

function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, "0");
}
