// Side tables as people write them: CSV and TSV, and what is wrong with them.

import type { SideTableNode } from "@millrace/data";
import { describe, expect, it } from "vitest";
import { readSideTable } from "../../src/expression/read-side-table.ts";

const table: SideTableNode = {
  file: "codes.csv",
  key: "code",
  columns: {
    code: { wire: "int", optional: false },
    name: { wire: "text", optional: true },
    since: { wire: "time", optional: true },
  },
};
const read = (text: string, of: SideTableNode = table): ReturnType<typeof readSideTable> =>
  readSideTable(of, new TextEncoder().encode(text));

describe("readSideTable()", () => {
  it("finds rows by key, with columns in any order, quotes, CRLF, a byte order mark and more columns", () => {
    const find = read('\uFEFFname,more,code,since\r\n"a ""b"", c\r\nd",x,200,2026-01-01\r\n,y,404,\r\n\r\nlast,"",-1,');
    expect(find(200)).toEqual({ code: 200, name: 'a "b", c\r\nd', since: 1_767_225_600_000 });
    expect(find(404)).toEqual({ code: 404, name: null, since: null });
    expect(find(-1)).toEqual({ code: -1, name: "last", since: null });
    expect(find(500)).toBeUndefined();
    expect(find("200")).toBeUndefined();
  });

  it("reads TSV, where quotes are letters", () => {
    const find = read('code\tname\tsince\n1\t"a"\t\n', { ...table, file: "codes.tsv" });
    expect(find(1)).toEqual({ code: 1, name: '"a"', since: null });
  });

  it("never finds a row without a key", () => {
    const of = { ...table, key: "name" };
    expect(read("code,name,since\n1,,\n2,,\n3,a,\n", of)("a")).toEqual({ code: 3, name: "a", since: null });
  });

  it("reads a table of nothing but names, and a field of a million characters", () => {
    expect(read("code,name,since\n")(1)).toBeUndefined();
    const long = "x\n".repeat(500_000);
    expect(read(`code,name,since\n1,"${long}",\n`)(1)?.["name"]).toBe(long);
  });

  it.each([
    [
      "code,name\n1,a\n",
      'line 1: it names no column "since"; begin the file with a line of names, such as code,name,since',
    ],
    ["", 'line 1: it names no column "code"'],
    ["code,name,since\n1,a,\nx,b,\n", 'line 3: "code" is "x", no int; mend the line, or make the column optional'],
    ["code,name,since\n1,a,yesterday\n", 'line 2: "since" is "yesterday", no time'],
    ["code,name,since\n1\n", 'line 2: it has 1 fields, and no "name"'],
    ['code,name,since\n1,"a\nb",\n1,c,\n', 'line 4: the code "1" stands in a line before; keep one line for each'],
    ['code,name,since\n1,a"b,\n', "line 2: a quote stands inside a field that has none around it, or is never closed"],
    ['code,name,since\n1,"a,\n', "line 2: a quote stands inside a field"],
  ])("refuses %j with its line", (text, message) => {
    expect(() => read(text)).toThrow(`Cannot read the side table "codes.csv", ${message}`);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "E_INPUT_FORMAT" }));
  });

  it("refuses bytes that are no UTF-8", () => {
    expect(() => readSideTable(table, new Uint8Array([0x63, 0xff]))).toThrow("its bytes are no UTF-8");
  });
});
