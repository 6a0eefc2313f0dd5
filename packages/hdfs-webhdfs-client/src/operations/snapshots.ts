// Operations on snapshots.
import type { QueryValues } from "../address/encode-path.ts";
import type { ClientContext } from "../calls/client-context.ts";
import { ifKnown } from "../calls/if-known.ts";
import { askForDone, askForReply } from "../calls/read-reply.ts";
import { readFileStatuses } from "../model/file-status.ts";
import { type HdfsSnapshot, readSnapshotDiff, readSnapshots } from "../model/snapshot.ts";
import type { CallOptions, SnapshotOperations } from "./operation-groups.ts";
import type { OperationName } from "./operation-table.ts";

/** Make the operations on snapshots. */
export function snapshotOperations(context: ClientContext): SnapshotOperations {
  const done = (operation: OperationName, path: string, query: QueryValues, options?: CallOptions): Promise<void> =>
    askForDone(context, { operation, path, query, signal: options?.signal });
  return {
    allowSnapshot: (path, options) => done("ALLOWSNAPSHOT", path, {}, options),
    disallowSnapshot: (path, options) => done("DISALLOWSNAPSHOT", path, {}, options),
    createSnapshot: (path, name, options) =>
      askForReply(context, { operation: "CREATESNAPSHOT", path, query: { snapshotname: name }, ...options }, (reply) =>
        reply.get("Path").string(),
      ),
    renameSnapshot: (path, { from, to }, options) =>
      done("RENAMESNAPSHOT", path, { oldsnapshotname: from, snapshotname: to }, options),
    deleteSnapshot: (path, name, options) => done("DELETESNAPSHOT", path, { snapshotname: name }, options),
    snapshotDiff: (path, { from, to }, options) =>
      askForReply(
        context,
        { operation: "GETSNAPSHOTDIFF", path, query: { oldsnapshotname: from, snapshotname: to }, ...options },
        readSnapshotDiff,
      ),
    snapshots: (path, options) => snapshots(context, path, options),
  };
}

/** Servers before 3.4 have no list of their own; they show snapshots as directories. */
async function snapshots(
  context: ClientContext,
  path: string,
  options: CallOptions | undefined,
): Promise<readonly HdfsSnapshot[]> {
  const call = { operation: "GETSNAPSHOTLIST", path, signal: options?.signal } as const;
  const found = await ifKnown(context, call.operation, () =>
    askForReply(context, call, (reply) => readSnapshots(reply, path)),
  );
  if (found !== undefined) return found;
  const folder = `${path === "/" ? "" : path}/.snapshot`;
  const listed = await askForReply(
    context,
    { operation: "LISTSTATUS", path: folder, signal: options?.signal },
    readFileStatuses,
  );
  return listed.map(({ pathSuffix, modifiedMs }) => {
    return { name: pathSuffix, path: `${folder}/${pathSuffix}`, createdMs: modifiedMs };
  });
}
