import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { findKdc } from "../../src/index.ts";

describe("findKdc()", () => {
  const directory = mkdtempSync(join(tmpdir(), "millrace-kdc-tools-"));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("finds the programs in PATH before those of the system", () => {
    for (const name of ["krb5kdc", "kdb5_util", "kadmin.local"]) {
      writeFileSync(join(directory, name), "#!/bin/sh\n");
      chmodSync(join(directory, name), 0o755);
    }
    expect(findKdc({ PATH: directory })).toEqual({
      kind: "found",
      tools: {
        krb5kdc: join(directory, "krb5kdc"),
        kdb5Util: join(directory, "kdb5_util"),
        kadminLocal: join(directory, "kadmin.local"),
      },
    });
  });
});
