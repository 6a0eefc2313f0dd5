// Formats for tests of programs: records are handed in and taken out as they are, nothing is read or written.

import type { Input, Output } from "@millrace/sdk";
import { createInput, createOutput } from "@millrace/sdk/engine";

/** An input of records of `T`. */
export function plainInput<T>(wire?: unknown): Input<T> {
  return createInput<T>({
    name: "plain",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    ...(wire === undefined ? {} : { wire }),
    createReader: () => {
      throw new Error("read by no test");
    },
  });
}

/** An output of records of `T`. */
export function plainOutput<T>(wire?: unknown): Output<T> {
  return createOutput<T>({
    name: "plain",
    extension: "txt",
    ...(wire === undefined ? {} : { wire }),
    createWriter: () => ({ write: () => undefined }),
  });
}
