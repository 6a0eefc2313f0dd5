import { MillraceError } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { describePlaceError } from "../../src/output/place-error.ts";

const use = {
  act: "run in",
  path: "/s",
  elsewhere: "set XDG_STATE_HOME to a directory",
  code: "E_CONFIGURATION",
} as const;
const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: refused, mkdir '/s'`), { code, syscall: "mkdir" });

describe("describePlaceError()", () => {
  it("finds a full disk below what was made of it", () => {
    const thrown = new MillraceError("E_CONFIGURATION", "Cannot use it", { cause: systemError("ENOSPC") });
    expect(describePlaceError(use, thrown)).toMatchObject({
      code: "E_NO_SPACE",
      message:
        'Cannot run in "/s": the disk is full; free space on it, or set XDG_STATE_HOME to a directory on another one',
    });
  });

  it("adds to a refusal for want of space where else there may be some", () => {
    const thrown = new MillraceError("E_NO_SPACE", "Cannot store it: 3 bytes free; free space on it");
    expect(describePlaceError(use, thrown)).toMatchObject({
      code: "E_NO_SPACE",
      message: "Cannot store it: 3 bytes free; free space on it, or set XDG_STATE_HOME to a directory on another disk",
    });
  });

  it("gives a refused permission the code of the place", () => {
    expect(describePlaceError(use, systemError("EACCES"))).toMatchObject({
      code: "E_CONFIGURATION",
      message:
        "Cannot run in \"/s\": EACCES: refused, mkdir '/s'; set XDG_STATE_HOME to a directory that this user can write",
    });
  });

  it("leaves bugs and what is described already as they are", () => {
    const bug = new TypeError("x is undefined");
    const described = new MillraceError("E_CANCELLED", "Cannot run", { cause: systemError("EACCES") });
    const network = systemError("ECONNREFUSED");
    expect(describePlaceError(use, bug)).toBe(bug);
    expect(describePlaceError(use, network)).toBe(network);
    expect(describePlaceError(use, described)).toBe(described);
  });
});
