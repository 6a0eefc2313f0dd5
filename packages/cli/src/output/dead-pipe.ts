// What a reader that goes away means. A command that only prints ends with its reader, as with `head`; a daemon, and
// one that holds something to clean up, goes on to its own end, unheard.

import { isFullDisk } from "@millrace/core";

let held = 0;

/** Do not end the process for a dead pipe. @returns lets it again. */
export function outlivePipes(): () => void {
  held += 1;
  let isHeld = true;
  return () => {
    if (isHeld) held -= 1;
    isHeld = false;
  };
}

let standing = "";

/** Say what a command has done that stands even if what it prints of it is lost, such as `the output … is published`. */
export function standsWithout(what: string): void {
  standing = what;
}

/** Whether something that a command printed is lost, and not because its reader has gone. */
let isLost = false;

/**
 * Handle errors of stdout or stderr. A reader that has seen enough, such as `head`, closes the pipe: that is no failure,
 * and hides none that the command has told. What a command that goes on cannot tell of its progress is no failure either.
 */
export function watchStream(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && (held === 0 || stream === process.stdout)) {
      if (!isLost && stream === process.stdout) process.stderr.write(`error ${describeLoss(error)}\n`);
      isLost = true;
    }
    if (held === 0) process.exit(exitAfterWrites(Number(process.exitCode ?? 0)));
  });
}

function describeLoss(error: NodeJS.ErrnoException): string {
  const full = isFullDisk(error);
  const reason = full ? "no space left on its disk" : error.message;
  const mend = full ? "free space there, or write it elsewhere" : "write it elsewhere";
  const rest = standing === "" ? "" : `; ${standing}`;
  return `Cannot write to standard output: ${reason}; ${mend}${rest} [${full ? "E_NO_SPACE" : "E_STORAGE"}]`;
}

/** Give the exit code of a command that would end with this one, now that all it has written is through or lost. */
export function exitAfterWrites(exit: number): number {
  return exit === 0 && isLost ? 1 : exit;
}
