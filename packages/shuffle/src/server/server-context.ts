// What the server's handlers share: what they may ask of the worker, bounds, and the one way to say no.

import type { ServerResponse } from "node:http";
import type { AttemptRef, JobId } from "@millrace/core";
import type { BlockCodec } from "@millrace/data";
import type { ShuffleLimits } from "../shuffle-limits.ts";
import type { ResponseGate } from "./response-gate.ts";

/** Where a segment lies in a file on this disk. */
export interface SegmentExtent {
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
}

/** What the server asks of its worker. Paths are built from ids alone. */
export interface SegmentServerOptions {
  /** Loopback unless the operator chose otherwise; the caller has checked that. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** The job's key, hexadecimal; undefined for a job that is not served here. */
  readonly keyOf: (job: JobId) => string | undefined;
  /** Find a segment in its run file; undefined when there is none or its index is damaged. */
  readonly locate: (source: AttemptRef, partition: number) => Promise<SegmentExtent | undefined>;
  /** Path of an attempt's log. */
  readonly logPath: (attempt: AttemptRef) => string;
  /** Codec for readers whose link is slow, asked for with the first of them; undefined where it is not installed. */
  readonly loadCodec?: () => Promise<BlockCodec | undefined>;
  readonly limits?: Partial<ShuffleLimits>;
}

/** What a request's handlers share. */
export interface ServerContext {
  readonly options: SegmentServerOptions;
  readonly limits: ShuffleLimits;
  readonly gate: ResponseGate;
}

/** Answer with a status alone, and close: what follows on the connection is not to be trusted. */
export function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: "close", "content-length": 0 }).end();
}
