// One check of `millrace doctor`: what was looked at, what was found, and the next step when it is not well.

import { isMillraceError } from "@millrace/core";

/** How a check ended. A warning is no failure: things work, though not as they should. */
export type CheckState = "ok" | "warning" | "failed" | "skipped";

/** What a check found. */
export interface Finding {
  readonly state: CheckState;
  readonly detail: string;
  /** What to do; only where something is to be done. */
  readonly next?: string;
}

/** A finding with its name, as it is printed. */
export interface Check extends Finding {
  /** Such as `rename`; unique within a subject. */
  readonly name: string;
  /** What was looked at: `this machine`, `configuration`, or a URI. */
  readonly subject: string;
  readonly ms: number;
}

/** Make a finding that all is well. */
export function ok(detail: string): Finding {
  return { state: "ok", detail };
}

/** Make the finding of something that is not well. */
export function bad(state: "warning" | "failed", detail: string, next: string): Finding {
  return { state, detail, next };
}

/** Collects the checks of one run, in the order in which they are made. */
export class CheckList {
  readonly checks: Check[] = [];

  /** Make a check; what it throws is a failure. @param next what to do then, unless the error says it itself. */
  async make(
    { subject, name, next }: { readonly subject: string; readonly name: string; readonly next: string },
    look: () => Promise<Finding> | Finding,
  ): Promise<CheckState> {
    const begun = performance.now();
    const finding = await this.#try(look, next);
    this.checks.push({ subject, name, ...finding, ms: Math.round(performance.now() - begun) });
    return finding.state;
  }

  async #try(look: () => Promise<Finding> | Finding, next: string): Promise<Finding> {
    try {
      return await look();
    } catch (thrown) {
      if (!isMillraceError(thrown))
        return bad("failed", thrown instanceof Error ? thrown.message : String(thrown), next);
      // Our own errors end in what to do, behind the last semicolon.
      const at = thrown.message.lastIndexOf("; ");
      if (at < 0) return bad("failed", thrown.message, next);
      return bad("failed", `${thrown.message.slice(0, at)} [${thrown.code}]`, thrown.message.slice(at + 2));
    }
  }
}
