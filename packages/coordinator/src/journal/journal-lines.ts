// The form of a journal: one line a record, `<crc32> <batch>.<index> <json>`, where the CRC covers what follows it.
// A batch is what one append wrote before one sync. At most the last batch can be torn by a crash, and pages of it may
// have reached the disk in any order: so damage is a torn tail when everything whole after it is of that same batch and not
// its first record, and damage in the middle otherwise.

import { crc32 } from "node:zlib";
import { MillraceError, quote } from "@millrace/core";

/** What the bytes of a journal hold. */
export interface JournalContent {
  readonly records: readonly unknown[];
  /** Bytes up to the end of the last whole record that counts. */
  readonly goodBytes: number;
  /** Number of the last batch; 0 for an empty journal. */
  readonly batch: number;
}

/** One line of a journal. */
export interface Line {
  /** Behind the line's end. */
  readonly end: number;
  /** Absent when the line is damaged. */
  readonly parsed?: { readonly batch: number; readonly index: number; readonly record: unknown };
}

const newline = 0x0a;
/** Where a record may begin. */
const candidatePattern = /[0-9a-f]{8} [1-9]\d{0,15}\.\d{1,9} \{/g;
const linePattern = /^([0-9a-f]{8}) ([1-9]\d{0,15})\.(\d{1,9}) (\{.*\})$/su;

/** Write records as the lines of one batch. The caller owns the bytes. */
export function formatBatch(records: readonly unknown[], batch: number): Buffer {
  const lines = records.map((record, index) => {
    const covered = `${batch}.${index} ${JSON.stringify(record)}`;
    return `${crc32(covered).toString(16).padStart(8, "0")} ${covered}\n`;
  });
  return Buffer.from(lines.join(""));
}

/**
 * Read the bytes of a journal. A torn tail is left out; {@link JournalContent.goodBytes} says where it begins.
 * @throws {MillraceError} E_STATE_DAMAGED with path and offset when a record before the last batch is damaged.
 */
export function parseJournal(bytes: Buffer, path: string): JournalContent {
  const records: unknown[] = [];
  let batch = 0;
  let goodBytes = 0;
  for (let at = 0; at < bytes.length;) {
    const line = readLine(bytes, at);
    if (line.parsed === undefined || line.parsed.batch < batch) {
      refuseMiddleDamage(bytes, { begin: at, batch, path });
      break;
    }
    records.push(line.parsed.record);
    batch = line.parsed.batch;
    goodBytes = line.end;
    at = line.end;
  }
  return { records, goodBytes, batch };
}

/** Read the line that begins at a position. */
export function readLine(bytes: Buffer, begin: number): Line {
  const end = bytes.indexOf(newline, begin);
  if (end === -1) return { end: bytes.length };
  const match = linePattern.exec(bytes.toString("utf8", begin, end));
  if (match === null || Number.parseInt(match[1] ?? "", 16) !== crc32(bytes.subarray(begin + 9, end)))
    return { end: end + 1 };
  return {
    end: end + 1,
    parsed: { batch: Number(match[2]), index: Number(match[3]), record: JSON.parse(match[4] ?? "null") },
  };
}

/**
 * Tell a torn tail from damage in the middle. The damaged record is of the batch that was being written, so every whole
 * record after it is of the same one: the last good batch, when the damage lies inside it, or the next, and none of them
 * is the first of a batch. Whole records are looked for at every byte, as the damage may have eaten a line's end.
 */
function refuseMiddleDamage(
  bytes: Buffer,
  damage: { readonly begin: number; readonly batch: number; readonly path: string },
): void {
  const rest = bytes.toString("latin1", damage.begin + 1);
  let torn: number | undefined;
  for (const { index } of rest.matchAll(candidatePattern)) {
    const { parsed } = readLine(bytes, damage.begin + 1 + index);
    if (parsed === undefined) continue;
    torn ??= parsed.batch;
    const sameBatch = parsed.index > 0 && parsed.batch === torn && (torn === damage.batch || torn === damage.batch + 1);
    if (!sameBatch) throw damaged(damage.path, damage.begin);
  }
}

function damaged(path: string, offset: number): MillraceError {
  return new MillraceError(
    "E_STATE_DAMAGED",
    `Cannot read the journal ${quote(path)}: a record is damaged at offset ${offset}, and later ones are whole; restore the directory from a copy`,
    { details: { path, offset } },
  );
}
