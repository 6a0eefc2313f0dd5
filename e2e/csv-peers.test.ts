// csv() beside DuckDB: what one writes the other reads, with quotes, line breaks, empty and missing fields.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import { checkInputFormat, checkOutputFormat, csv } from "@millrace/formats";
import { boolean, double, int, optional, text, time } from "@millrace/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratchDirectory } from "./harness.ts";

const directory = scratchDirectory();
const columns = {
  id: int(),
  note: optional(text()),
  price: optional(double()),
  at: time(),
  good: boolean(),
};
const format = csv({ columns, quotedNewlines: true });
let instance: DuckDBInstance;
let duck: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  duck = await instance.connect();
});
afterAll(() => {
  duck.closeSync();
  instance.closeSync();
  directory.remove();
});

/** Rows with everything that CSV is known for, the same in every run. */
const rows = Array.from({ length: 2000 }, (_, index) => {
  const notes = [
    "plain",
    "",
    null,
    'say "hi"',
    "a,b",
    "two\nlines",
    "\r\n",
    " blanks ",
    "ä😀",
    '"',
    ",",
    "\t",
    "'",
    "\\",
    "#1",
  ];
  return {
    id: index - 1000,
    note: notes[index % notes.length] ?? null,
    price: index % 7 === 0 ? null : (index * 37) / 64,
    at: Date.UTC(2026, 0, 1) + index * 1001,
    good: index % 2 === 0,
  };
});

async function readRows(path: string): Promise<readonly unknown[]> {
  const reader = await duck.runAndReadAll(`
    select id, note, price, epoch_ms("at")::double as "at", good
    from read_csv('${path}', header = true, quote = '"', escape = '"', delim = ',', nullstr = '', allow_quoted_nulls = false, auto_detect = false,
      columns = { 'id': 'INTEGER', 'note': 'VARCHAR', 'price': 'DOUBLE', 'at': 'TIMESTAMP', 'good': 'BOOLEAN' })
    order by id`);
  return reader.getRowObjectsJS();
}

describe("csv()", () => {
  it("writes what DuckDB reads", async () => {
    const path = join(directory.path, "ours.csv");
    writeFileSync(path, checkOutputFormat(format, { records: rows, readBy: format }).bytes);
    expect(await readRows(path)).toEqual(rows);
  });

  it("reads what DuckDB writes", async () => {
    const [ours, theirs] = [join(directory.path, "ours.csv"), join(directory.path, "theirs.csv")];
    await duck.run(`
      copy (select * from read_csv('${ours}', header = true, quote = '"', escape = '"', delim = ',', nullstr = '',
        allow_quoted_nulls = false, auto_detect = false,
        columns = { 'id': 'INTEGER', 'note': 'VARCHAR', 'price': 'DOUBLE', 'at': 'TIMESTAMP', 'good': 'BOOLEAN' }) order by id)
      to '${theirs}' (header, quote '"', escape '"')`);
    const bytes = readFileSync(theirs);
    // All of it, as it was when it was read; the first rows in every cutting.
    expect(checkInputFormat(format, [{ bytes, records: rows }])).toMatchObject({ records: rows.length, badRecords: 0 });
  });
});
