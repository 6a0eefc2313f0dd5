// docs/errors.md is made from the table: `npm run rewrite` writes it, and this test keeps the two equal.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { errorEntry, errorTable } from "../../src/errors/error-table.ts";
import type { ErrorEntry } from "../../src/errors/error-table.ts";

const page = fileURLToPath(new URL("../../../../docs/errors.md", import.meta.url));

const head = `# Errors

Each failure that Millrace expects has a code, which never changes its meaning. Messages say what could not be done, to
what, why, and what to do; programs match the code (\`-o json\` gives it), never the text.

*Charged*: whose failures count. A task may be charged four times, a worker is avoided by the job after three, nobody means
that the attempt just runs again. *Retry*: whether another attempt, or another try of the command, may help. *Exit*: the
status of the \`millrace\` command.

This page is made from \`packages/core/src/errors/error-table.ts\` by \`npm run rewrite\`.
`;

function render(): string {
  const rows: readonly (readonly [string, ErrorEntry])[] = Object.entries(errorTable);
  const sections = rows.map(([code, { meaning, charged, retry, grpc, exit, action }]) =>
    [
      `## ${code}`,
      "",
      `${meaning}.`,
      "",
      `${action}.`,
      "",
      `Charged: ${charged} · retry: ${retry ? "yes" : "no"} · gRPC: ${grpc} · exit: ${exit}`,
      "",
    ].join("\n"),
  );
  return `${head}\n${sections.join("\n")}`;
}

describe("errorTable", () => {
  it("is docs/errors.md", () => {
    if (process.env["REWRITE"] === "1") writeFileSync(page, render());
    expect(readFileSync(page, "utf8")).toBe(render());
  });

  it("speaks in one line each, capital first, without a full stop", () => {
    for (const [code, { meaning, action }] of Object.entries(errorTable)) {
      expect(code).toMatch(/^E_[A-Z_]+$/);
      for (const text of [meaning, action]) expect(text, code).toMatch(/^[A-Z`][^\n]*[^.\n]$/);
    }
  });
});

describe("errorEntry()", () => {
  it.each(["E_NONE", "", "constructor", "__proto__"])("takes %j for a bug", (code) => {
    expect(errorEntry(code)).toBe(errorTable.E_INTERNAL);
  });
});
