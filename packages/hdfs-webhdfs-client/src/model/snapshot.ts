// Snapshots: what changed between two of them, and which there are.
import type { Reply } from "./reply.ts";

/** One change between two snapshots; paths are relative to the snapshotted directory, `""` is the directory itself. */
export interface HdfsSnapshotChange {
  readonly kind: "created" | "modified" | "deleted" | "renamed" | "other";
  readonly path: string;
  /** New path of what was renamed. */
  readonly targetPath: string | undefined;
}

/** Changes from one snapshot to another. */
export interface HdfsSnapshotDiff {
  readonly root: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly HdfsSnapshotChange[];
}

/** One snapshot of a directory. */
export interface HdfsSnapshot {
  readonly name: string;
  readonly path: string;
  readonly createdMs: number;
}

const kinds = { CREATE: "created", MODIFY: "modified", DELETE: "deleted", RENAME: "renamed" } as const;

export function readSnapshotDiff(reply: Reply): HdfsSnapshotDiff {
  const report = reply.get("SnapshotDiffReport");
  return {
    root: report.get("snapshotRoot").string(),
    from: report.get("fromSnapshot").string(),
    to: report.get("toSnapshot").string(),
    changes: report
      .get("diffList")
      .items()
      .map((entry) => ({
        kind: kinds[entry.get("type").string() as keyof typeof kinds] ?? "other",
        path: entry.get("sourcePath").string(),
        targetPath: entry.find("targetPath")?.string(),
      })),
  };
}

export function readSnapshots(reply: Reply, directory: string): readonly HdfsSnapshot[] {
  return (reply.find("SnapshotList")?.items() ?? []).map((entry) => {
    const status = entry.get("dirStatus");
    const name = status.get("pathSuffix").string();
    const path = `${directory === "/" ? "" : directory}/.snapshot/${name}`;
    return { name, path, createdMs: status.get("modificationTime").number() };
  });
}
