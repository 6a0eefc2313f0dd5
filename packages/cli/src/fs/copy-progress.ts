// Progress of a copy: one line that redraws itself on a terminal, a line now and then elsewhere.

import { bar, clearLine, redrawLine } from "../output/progress.ts";
import type { Terminal } from "../output/terminal.ts";
import { formatBytes, formatCount, formatDuration } from "../output/units.ts";
import type { CopyProgress } from "./copy-files.ts";
import type { CopyPlan } from "./plan-copies.ts";

/** Shows a copy until it ends. */
export interface CopyProgressLine {
  readonly show: (done: CopyProgress) => void;
  /** Leave the terminal clean. */
  readonly end: () => void;
}

/** Between two pictures; faster than this nobody reads. */
const redrawMs = 100;
/** Between two lines that stay. A copy that is shorter shows only its end. */
const lineMs = 5_000;

/** Make the line. The copy begins now. @param nowMs - gives the monotonic time */
export function createCopyProgress(
  terminal: Terminal,
  plan: Pick<CopyPlan, "files" | "bytes">,
  nowMs: () => number,
): CopyProgressLine {
  const begunMs = nowMs();
  let shownMs = begunMs;
  return {
    show: (done) => {
      const now = nowMs();
      if (!terminal.progress || now - shownMs < (terminal.interactive ? redrawMs : lineMs)) return;
      shownMs = now;
      const files = `${formatCount(done.files)} of ${formatCount(plan.files.length)} file(s)`;
      const text = `${files}, ${formatBytes(done.bytes)} of ${formatBytes(plan.bytes)}`;
      // A file counts as a byte, so that empty files move it too.
      const share = (done.files + done.bytes) / Math.max(1, plan.files.length + plan.bytes);
      if (terminal.interactive)
        redrawLine(terminal, `${bar(Math.min(1, share))} ${text} ${formatDuration(now - begunMs)}`);
      else terminal.note(`Copied ${text}`);
    },
    end: () => clearLine(terminal),
  };
}
