// What a reader that goes away means. A command that only prints ends with its reader, as with `head`; one that holds
// something to clean up goes on to its own end, unheard.

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

/** Handle an error of stdout or stderr. A reader that has seen enough, such as `head`, closes the pipe: that is no failure. */
export function onStreamError(error: NodeJS.ErrnoException): void {
  if (held === 0) process.exit(error.code === "EPIPE" ? 0 : 1);
}
