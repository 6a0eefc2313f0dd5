// While a job file is imported, this process is the submitter's and the file's code runs in it: it must not end it in
// silence, nor keep it waiting for ever.

import { MillraceError, formatDuration, quote } from "@millrace/core";

/** Import of a job file with its top-level await: what a task host allows as well. */
const importDeadlineMs = 10_000;
/** Frames kept of an error: a builder of the SDK lies up to a dozen frames above the author's call. */
const stackFramesMax = 50;

/** An attempt of a job file to end the process. Its stack says where. */
export class ExitRefusal extends Error {
  override readonly name = "ExitRefusal";
}

/**
 * Import with `process.exit` refused, also when the file catches the refusal.
 *
 * @param path - for messages.
 * @throws {ExitRefusal} when the file would end the process; {MillraceError} E_JOB_MODULE when it does not end; what it throws.
 */
export async function guardImport<T>(path: string, importFile: () => Promise<T>): Promise<T> {
  const exit = Object.getOwnPropertyDescriptor(process, "exit");
  const { stackTraceLimit } = Error;
  let refusal: ExitRefusal | undefined;
  process.exit = (code): never => {
    refusal ??= new ExitRefusal(`process.exit(${code ?? ""})`);
    throw refusal;
  };
  Error.stackTraceLimit = stackFramesMax;
  let timer: NodeJS.Timeout | undefined;
  // Also keeps the process alive for a top-level await that nothing will ever answer.
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new MillraceError(
          "E_JOB_MODULE",
          `Cannot load the job file ${quote(path)}: its import did not end within ${formatDuration(importDeadlineMs)}; do the work in setup or map, not at the top of the file`,
        ),
      );
    }, importDeadlineMs);
  });
  try {
    const imported = await Promise.race([importFile(), deadline]);
    if (refusal !== undefined) throw refusal;
    return imported;
  } catch (thrown) {
    throw refusal ?? thrown;
  } finally {
    clearTimeout(timer);
    if (exit !== undefined) Object.defineProperty(process, "exit", exit);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
