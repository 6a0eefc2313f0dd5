// An attempt's files in a compute thread: local ones directly, all others through rings to the I/O thread.

import { basename } from "node:path";
import { crc32 } from "node:zlib";
import type { RunTools } from "@millrace/data";
import { failpoint } from "@millrace/ports";
import type { AttemptIo } from "../attempt/attempt-io.ts";
import { createLocalOutput, createRingOutput } from "./attempt-outputs.ts";
import type { ComputeMessage, RunMessage } from "./io-messages.ts";
import { isReadAsStored } from "./find-codec.ts";
import { openLocalInput } from "./local-input.ts";
import { createLocalRunStore, openLocalSource, readLocalFile } from "./local-run-store.ts";
import { openRingInput } from "./ring-input.ts";

const tools: RunTools = { crc32: (bytes, previous = 0) => crc32(bytes, previous), codecs: [] };

/** Name of the runs of a reduce attempt whose stage writes no run file. */
const mergeRunName = "merge";

/** Make the files of one attempt. */
export function createNodeAttemptIo(
  run: RunMessage,
  meter: Float64Array,
  post: (message: ComputeMessage) => void,
): AttemptIo {
  const { order, inputPaths, outputPath } = run;
  const parts = order.work.kind === "reduce" ? [] : order.work.split.parts;
  const paths = new Map(parts.map(({ uri }, index) => [uri, inputPaths[index]]));
  return {
    openInput: (part, chunk) => {
      const planned = { part, inputGrowth: order.brief.inputGrowth };
      const path = paths.get(part.uri);
      if (path === undefined) return openRingInput(planned, post);
      const local = openLocalInput(path, planned, chunk);
      if (isReadAsStored(local.codec)) return local;
      local.close();
      return openRingInput({ ...planned, part: { ...part, codec: local.codec } }, post);
    },
    openSegment: (segment) => openLocalSource(segment.path, { meter, code: "E_SEGMENT" }),
    store: createLocalRunStore({ scratchPath: order.scratchPath, runPath: order.runPath, meter }),
    runName: order.runPath === undefined ? mergeRunName : basename(order.runPath),
    createOutput: (path) => {
      failpoint("host.beforeOutput");
      return outputPath === undefined
        ? createRingOutput(`${order.outputUri}/${path}`, order.brief.partFiles ?? {}, post)
        : createLocalOutput(outputPath, path);
    },
    readFile: readLocalFile,
    tools,
  };
}
