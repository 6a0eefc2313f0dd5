// Reads a text as a whole file, as a task host does: lines, header, what is kept back.

import type { Input } from "@millrace/sdk";
import { createSplitReader } from "@millrace/data";
import { badRecord, inputFormatOf, noRecord } from "@millrace/sdk/engine";

/** What came of a file. */
export interface ReadText<R> {
  readonly records: readonly R[];
  readonly bad: readonly string[];
  readonly counters: ReadonlyMap<string, number>;
}

/** Read a file of these bytes. `offset` is where its split begins: 0 is the begin of the file. */
export function readText<R>(input: Input<R>, text: string | Uint8Array, offset = 0): ReadText<R> {
  const format = inputFormatOf(input);
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const counters = new Map<string, number>();
  const reader = format.createReader({ count: (name, by) => counters.set(name, (counters.get(name) ?? 0) + by) });
  const records: R[] = [];
  const bad: string[] = [];
  const note = (value: R | typeof badRecord | typeof noRecord): void => {
    if (value === badRecord) bad.push(reader.reason());
    else if (value !== noRecord) records.push(value);
  };
  let isRead = false;
  const source = {
    seek: () => undefined,
    next: () => {
      if (isRead || bytes.length === 0) return undefined;
      isRead = true;
      return bytes.slice();
    },
  };
  reader.begin?.({ uri: "file:///in", offset });
  const split = createSplitReader({ source, start: 0, end: bytes.length, framing: format.framing });
  for (let batch = split.nextBatch(); batch !== undefined; batch = split.nextBatch()) {
    for (let index = 0; index < batch.count; index++) {
      note(reader.read(batch.bytes, batch.offsets[2 * index] ?? 0, batch.offsets[2 * index + 1] ?? 0));
    }
  }
  if (reader.finish !== undefined) note(reader.finish());
  return { records, bad, counters };
}

/** Records as plain data: what their `toJSON` says. */
export function plain(records: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(records));
}
