// Takes over what user code prints in this thread: `console` and the two output streams write to the log of the attempt
// that runs, in the call that prints. What is printed between attempts has no log and is dropped.

import { Console } from "node:console";
import { Writable } from "node:stream";
import type { LogSink } from "./attempt-log.ts";

let current: LogSink | undefined;

/** Send what is printed from now on to `log`, or nowhere. */
export function printTo(log: LogSink | undefined): void {
  current = log;
}

type WriteDone = (error?: Error | null) => void;

/** Take the streams and the console of this thread over, for good. Call once, before user code is loaded. */
export function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, encoding?: BufferEncoding | WriteDone, done?: WriteDone): boolean => {
      print(typeof chunk === "string" && typeof encoding === "string" ? Buffer.from(chunk, encoding) : chunk);
      const after = typeof encoding === "function" ? encoding : done;
      if (after !== undefined) queueMicrotask(after);
      return true;
    };
  }
  const stream = new Writable({ decodeStrings: false, write: printChunk });
  globalThis.console = new Console({ stdout: stream, stderr: stream, colorMode: false });
}

function printChunk(chunk: string | Uint8Array, _encoding: BufferEncoding, done: WriteDone): void {
  print(chunk);
  done();
}

function print(chunk: string | Uint8Array): void {
  current?.write(chunk);
}
