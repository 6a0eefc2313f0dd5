// Several aggregators over one key as one: `{ hits: count(), bytes: sum(), p99: quantile(0.99) }`.
//
// Working state: uint32 length of each field's state (padded to 8 bytes in all), then the states in order, each padded
// to a multiple of 8. Zero bytes are the empty state: a length is stored less the field's `stateBytes`.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { refuseValue } from "../codec/make-codec.ts";
import { DataError } from "../data-error.ts";
import type { Aggregator, Place, StateCell } from "./aggregator.ts";

// eslint-disable-next-line typescript/no-explicit-any
type AnyAggregator = Aggregator<any, any>;
/** Aggregators by field name. */
export type AggregatorFields = Readonly<Record<string, AnyAggregator>>;
/** What is added: a value for each field; a missing one (`null`, `undefined`) is skipped, but `count()` counts it. */
export type FieldValues<F extends AggregatorFields> = {
  readonly [N in keyof F]?: (F[N] extends Aggregator<infer V, unknown> ? V : never) | null;
};
/** What is presented. */
export type FieldResults<F extends AggregatorFields> = {
  readonly [N in keyof F]: F[N] extends Aggregator<never, infer A> ? A : never;
} & {};

/** The state of one field inside the state of all: it grows by moving what lies behind it. */
class FieldCell implements StateCell {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  offset = 0;
  length = 0;
  #outer!: StateCell;
  #index = 0;
  #stateBytes = 0;

  /** Point at field `index`, whose state begins `start` bytes after the outer state. */
  open(outer: StateCell, index: number, start: number, stateBytes: number): this {
    this.#outer = outer;
    this.#index = index;
    this.#stateBytes = stateBytes;
    this.bytes = outer.bytes;
    this.view = outer.view;
    this.offset = outer.offset + start;
    this.length = stateBytes + outer.view.getUint32(outer.offset + index * 4, true);
    return this;
  }

  resize(length: number): boolean {
    // A field's state never becomes shorter than the empty one, so the stored difference has no sign.
    const outer = this.#outer;
    const start = this.offset - outer.offset;
    const before = padded(this.length);
    const after = padded(length);
    const outerLength = outer.length;
    if (after > before && !outer.resize(outerLength + after - before)) return false;
    const behind = outer.offset + start + before;
    outer.bytes.copyWithin(outer.offset + start + after, behind, outer.offset + outerLength);
    if (after < before) outer.resize(outerLength + after - before);
    outer.view.setUint32(outer.offset + this.#index * 4, length - this.#stateBytes, true);
    this.open(outer, this.#index, start, this.#stateBytes);
    return true;
  }
}

const reader = new ByteReader();

function padded(length: number): number {
  return (length + 7) & ~7;
}

/** Aggregate several things about a key at once. @throws {DataError} E_JOB_INVALID for no field or one named `__proto__`. */
export function aggregateFields<const F extends AggregatorFields>(
  fields: F,
): Aggregator<FieldValues<F>, FieldResults<F>> {
  const names = Object.keys(fields);
  if (names.length === 0 || names.includes("__proto__"))
    throw new DataError(
      "E_JOB_INVALID",
      `Cannot aggregate fields ${JSON.stringify(names)}: no field, or one named "__proto__"; give each a name of its own`,
    );
  const parts = names.map((name) => fields[name]!);
  const head = padded(names.length * 4);
  const cell = new FieldCell();
  // Of this aggregator alone: a field may be of the same kind and has its own.
  const nested = new ByteSink(256);
  const startOf = (outer: StateCell, index: number): number => {
    let start = head;
    for (let before = 0; before < index; before++)
      start += padded(parts[before]!.stateBytes + outer.view.getUint32(outer.offset + before * 4, true));
    return start;
  };
  const open = (outer: StateCell, index: number): FieldCell =>
    cell.open(outer, index, startOf(outer, index), parts[index]!.stateBytes);
  return {
    wire: Object.fromEntries(names.map((name, index) => [name, parts[index]!.wire])),
    stateBytes: head + parts.reduce((bytes, part) => bytes + padded(part.stateBytes), 0),
    add: (outer, values, place) => allOrNothing(outer, () => addFields({ outer, names, parts, open }, values, place)),
    merge: (outer, encoded, start, end) =>
      allOrNothing(outer, () => {
        for (let index = 0, at = start; index < parts.length; index++) {
          reader.reset(encoded, at, end);
          const length = reader.readVarint();
          const from = reader.take(length);
          at = reader.at;
          if (!parts[index]!.merge(open(outer, index), encoded, from, from + length)) return false;
        }
        return true;
      }),
    encode: (outer, sink) => {
      for (let index = 0; index < parts.length; index++) {
        nested.clear();
        parts[index]!.encode(open(outer, index), nested);
        sink.writeVarint(nested.length);
        sink.writeBytes(nested.bytes, 0, nested.length);
      }
    },
    present: (outer) =>
      Object.fromEntries(
        names.map((name, index) => [name, parts[index]!.present(open(outer, index)) as unknown]),
      ) as FieldResults<F>,
  };
}

interface OpenFields {
  readonly outer: StateCell;
  readonly names: readonly string[];
  readonly parts: readonly AnyAggregator[];
  readonly open: (outer: StateCell, index: number) => FieldCell;
}

function addFields(fields: OpenFields, values: Readonly<Record<string, unknown>>, place: Place): boolean {
  if (typeof values !== "object" || values === null) refuseValue("fields", values, "no object");
  for (let index = 0; index < fields.parts.length; index++) {
    const value = values[fields.names[index]!];
    const part = fields.parts[index]!;
    if ((value === null || value === undefined) && part.wire !== "count") continue;
    if (!part.add(fields.open(fields.outer, index), value, place)) return false;
  }
  return true;
}

let saved = new Uint8Array(0);

/** Undo a change that stopped half-way: the state's bytes are kept until it is through. */
function allOrNothing(outer: StateCell, change: () => boolean): boolean {
  const length = outer.length;
  const backup = saved.length >= length ? saved : new Uint8Array(length * 2);
  // Taken while in use, so that fields inside fields have their own.
  saved = new Uint8Array(0);
  backup.set(outer.bytes.subarray(outer.offset, outer.offset + length));
  let done = false;
  try {
    done = change();
  } finally {
    if (!done) {
      outer.resize(length);
      outer.bytes.set(backup.subarray(0, length), outer.offset);
    }
    saved = backup;
  }
  return done;
}
