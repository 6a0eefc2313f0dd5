// Where a worker is, as far as data is concerned.

import { hostname } from "node:os";

/** The names by which storage and the coordinator know a worker's machine. */
export interface WorkerPlace {
  readonly host: string;
  /** Rack path, such as `/dc1/r7`. */
  readonly rack: string;
}

/** This machine, on no rack in particular. */
export function thisMachine(): WorkerPlace {
  return { host: hostname(), rack: "/default-rack" };
}
