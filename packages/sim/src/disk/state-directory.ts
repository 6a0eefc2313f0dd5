// The coordinator's state directory on a simulated disk: the cluster's journal, and for each job its spec, journal and
// side file of vectors. A crash treats what was not synced as the disk pleases.

import type { SegmentVector } from "@millrace/core";
import type { RandomStream } from "../random-stream.ts";
import type { Simulation } from "../simulation.ts";
import { AppendFile } from "./append-file.ts";

/** Files of one job. */
export class JobDirectory {
  readonly journal = new AppendFile();
  /** Vectors by position. A position beyond the synced count may be lost in a crash. */
  readonly vectors: SegmentVector[] = [];
  syncedVectors = 0;
}

/** All files of a coordinator, over all its reigns. */
export class StateDirectory {
  readonly cluster = new AppendFile();
  readonly jobs = new Map<string, JobDirectory>();

  /** The directory of a job; made when it is not there. */
  job(id: string): JobDirectory {
    let directory = this.jobs.get(id);
    if (directory === undefined) {
      directory = new JobDirectory();
      this.jobs.set(id, directory);
    }
    return directory;
  }

  /** The process dies with its machine: unsynced ends are kept, cut or lost, each file by itself. */
  crash(world: Simulation, stream: RandomStream): void {
    let lost = this.cluster.crash(stream);
    for (const [, directory] of [...this.jobs].sort(([a], [b]) => (a < b ? -1 : 1))) {
      lost += directory.journal.crash(stream);
      directory.vectors.length = Math.max(
        directory.syncedVectors,
        stream.integer(directory.syncedVectors, directory.vectors.length),
      );
      directory.syncedVectors = directory.vectors.length;
    }
    if (lost > 0) world.marks.hit("tail-lost");
  }
}
