// What is known of files and directories, as tables for people and JSON for scripts.

import type { FileStatus } from "@millrace/ports";
import { formatTable } from "../output/table.ts";
import { formatBytes } from "../output/units.ts";
import { shownName } from "./named-files.ts";

type Column = readonly [heading: string, cell: (status: FileStatus) => string];

const kind: Column = ["KIND", (status) => status.kind];
const bytes: Column = ["BYTES", (status) => (status.kind === "file" ? String(status.bytes) : "-")];
const block: Column = ["BLOCK", ({ blockBytes }) => (blockBytes === 0 ? "-" : formatBytes(blockBytes))];
/** To the second, in UTC: the same everywhere. */
const modified: Column = ["MODIFIED", ({ modifiedMs }) => new Date(modifiedMs).toISOString().replace(/\.\d+Z$/u, "Z")];
const name: Column = ["NAME", ({ uri }) => shownName(uri)];
const uriColumn: Column = ["URI", ({ uri }) => uri];
const access: readonly Column[] = [
  ["PERMISSION", ({ permission }) => (permission === undefined ? "-" : permissionText(permission))],
  ["COPIES", ({ replication }) => (replication === undefined ? "-" : String(replication))],
  ["OWNER", ({ owner }) => owner ?? "-"],
  ["GROUP", ({ group }) => group ?? "-"],
];

/** Lay out kind, size, time and name. */
export function shortListing(found: readonly FileStatus[]): string {
  return layOut([kind, bytes, modified, name], found);
}

/** As {@link shortListing}, with permission, copies of each block, owner and group. */
export function longListing(found: readonly FileStatus[]): string {
  return layOut([kind, ...access, bytes, modified, name], found);
}

/** Lay out all that is known. */
export function fullListing(found: readonly FileStatus[]): string {
  return layOut([kind, ...access, bytes, block, modified, uriColumn], found);
}

/** Write an array with one line end. The permission is octal text, as WebHDFS writes it: `"644"`. */
export function statusJson(found: readonly FileStatus[]): string {
  const rows = found.map(({ permission, ...status }) =>
    permission === undefined ? status : { ...status, permission: permission.toString(8) },
  );
  return `${JSON.stringify(rows)}\n`;
}

/** Spell permission bits as `ls` does, without the kind: `rw-r-----`, `rwxrwxrwt`. */
export function permissionText(permission: number): string {
  const letters = Array.from("rwxrwxrwx", (letter, index) => ((permission >> (8 - index)) & 1 ? letter : "-"));
  for (const [bit, at, letter] of specialBits) {
    if ((permission & bit) === 0) continue;
    letters[at] = letters[at] === "x" ? letter : letter.toUpperCase();
  }
  return letters.join("");
}

/** Set-user, set-group and sticky bit take the place of an `x`; a capital says that there is none. */
const specialBits = [
  [0o4000, 2, "s"],
  [0o2000, 5, "s"],
  [0o1000, 8, "t"],
] as const;

function layOut(columns: readonly Column[], found: readonly FileStatus[]): string {
  const headings = columns.map(([heading]) => heading);
  return formatTable(
    headings,
    found.map((status) => columns.map(([, cell]) => cell(status))),
  );
}
