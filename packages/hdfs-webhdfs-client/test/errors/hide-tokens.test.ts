import { describe, expect, it } from "vitest";
import { hideTokens } from "../../src/errors/hide-tokens.ts";

const token = "HAAEcm9vdARyb290AIoBjQ-Lw_4";

describe("hideTokens()", () => {
  it("leaves tokens out of addresses in a text, and nothing else", () => {
    expect(hideTokens(`GET /webhdfs/v1/a?op=OPEN&delegation=${token}&offset=5 <b>token=${token}</b>`)).toBe(
      "GET /webhdfs/v1/a?op=OPEN&delegation=…&offset=5 <b>token=…</b>",
    );
    expect(hideTokens(`goto=%2Fwebhdfs%3Fop%3DOPEN%26delegation%3D${token}`)).not.toContain(token);
  });

  it("leaves paths and Hadoop's own words as they are", () => {
    for (const text of [
      "File does not exist: /log/token=17/part-0",
      "token (token for alice: 5) can't be found in cache",
    ])
      expect(hideTokens(text)).toBe(text);
  });
});
