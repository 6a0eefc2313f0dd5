// `mapBatch` of a job: a map of many records at once, for who reads bytes and not strings.

import { MillraceError } from "@millrace/core";
import type { KeyCodec } from "@millrace/data";
import type { InputFormat } from "../format/format.ts";
import { BatchCaller, type BatchMap } from "../program/batch-map.ts";
import type { Operator } from "../program/job-program.ts";
import type { MapStep, StepEmit } from "../program/user-functions.ts";
import { type DefinitionLike, type Refuse, checkFunction } from "./definition-checks.ts";

/** What `mapBatch` is given to emit with, beside `emit` itself, where keys are texts or bytes. */
export interface EmitBytes<V> {
  /**
   * Hand a pair to the reduce whose key is bytes `begin` to `end` (exclusive) of the batch: as `batch.text(begin, end)`
   * where keys are texts. No string is made where an aggregator counts or sums.
   */
  readonly bytes: (begin: number, end: number, value: V) => void;
}

/** The same with `orderBy`. */
export interface OrderedEmitBytes<V, Q> {
  readonly bytes: (begin: number, end: number, value: V, order: Q) => void;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array, begin: number, end: number): string => decoder.decode(bytes.subarray(begin, end));
const encoder = new TextEncoder();

/** Check `mapBatch`, and make the map of single records that does the same. @returns undefined when a job has none. */
export function batchOperator(
  definition: DefinitionLike,
  {
    input,
    key,
    refuse,
  }: { readonly input: InputFormat<unknown>; readonly key?: KeyCodec<unknown>; readonly refuse: Refuse },
): Pick<Operator, "map" | "mapBatch"> | undefined {
  const run = checkFunction(definition["mapBatch"], "mapBatch", refuse);
  if (run === undefined) return undefined;
  if (definition["map"] !== undefined) refuse('"map" and "mapBatch" are both there; give one of the two');
  if (definition["emits"] !== undefined)
    refuse('"emits" is there with "mapBatch", which gets all lines; leave it out, or give a map');
  if (definition["linesWith"] !== undefined)
    refuse('"linesWith" is there with "mapBatch", which gets all lines; leave it out, or give a map');
  if (input.layout?.kind !== "line")
    refuse('"mapBatch" is there with an input whose records are no lines; read textLines(), or give a map');
  const mapBatch: BatchMap = { run: run as BatchMap["run"], ...keysOf(key) };
  return { map: oneByOne(mapBatch), mapBatch };
}

function keysOf(key: KeyCodec<unknown> | undefined): Pick<BatchMap, "encoded" | "keyOf"> {
  if (key?.wire === "text") return { encoded: "ascii", keyOf: (text, _bytes, { begin, end }) => text(begin, end) };
  if (key?.wire === "bytes")
    return { encoded: "always", keyOf: (_text, bytes, { begin, end }) => bytes.slice(begin, end) };
  const reason =
    key === undefined
      ? "the job has no reduce; emit a record"
      : `keys are ${JSON.stringify(key.wire)}; emit(key, value)`;
  return {
    encoded: "never",
    keyOf: () => {
      throw new MillraceError("E_USER_CODE", `Cannot emit bytes of a batch as a key: ${reason}`);
    },
  };
}

/** For records that are strings already, as those of a later job of a chain are. */
function oneByOne(mapBatch: BatchMap): MapStep {
  let known: { readonly emit: StepEmit; readonly caller: BatchCaller } | undefined;
  return (line, emit, context) => {
    if (known?.emit !== emit) known = { emit, caller: new BatchCaller(mapBatch, { emit, decode }) };
    const bytes = encoder.encode(line as string);
    return known.caller.call({ bytes, offsets: Int32Array.of(0, bytes.length), count: 1 }, context);
  };
}
