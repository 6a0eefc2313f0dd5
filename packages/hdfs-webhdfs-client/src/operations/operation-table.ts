// The operations of WebHDFS that the client speaks: HTTP method, and whether a repeat does no harm.
// Source: Hadoop's WebHDFS REST API document and its Get-, Put-, Post- and DeleteOpParam.

/** How one operation is asked for. */
export interface OperationSpec {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /**
   * Whether it may be sent again when the reply was lost. RENAME, CONCAT, APPEND, TRUNCATE and snapshots are not: the
   * first request may have worked, and the answer to the second would tell of another state.
   */
  readonly idempotent: boolean;
}

const read = { method: "GET", idempotent: true } as const;
const set = { method: "PUT", idempotent: true } as const;
const putOnce = { method: "PUT", idempotent: false } as const;
const postOnce = { method: "POST", idempotent: false } as const;

/** All operations by their name in the `op` parameter. */
export const operations = {
  OPEN: read,
  GETFILESTATUS: read,
  LISTSTATUS: read,
  LISTSTATUS_BATCH: read,
  GETCONTENTSUMMARY: read,
  GETQUOTAUSAGE: read,
  GETFILECHECKSUM: read,
  GETFILEBLOCKLOCATIONS: read,
  GET_BLOCK_LOCATIONS: read,
  GETHOMEDIRECTORY: read,
  GETTRASHROOT: read,
  GETSERVERDEFAULTS: read,
  GETSTATUS: read,
  GETXATTRS: read,
  LISTXATTRS: read,
  CHECKACCESS: read,
  GETSNAPSHOTDIFF: read,
  GETSNAPSHOTLIST: read,
  // A token that nobody got does no harm: it ends by itself.
  GETDELEGATIONTOKEN: read,
  RENEWDELEGATIONTOKEN: set,
  CANCELDELEGATIONTOKEN: set,
  // Step 1 of CREATE only chooses a DataNode; step 2 has rules of its own (calls/open-upload.ts).
  CREATE: set,
  APPEND: { method: "POST", idempotent: true },
  MKDIRS: set,
  RENAME: putOnce,
  CREATESYMLINK: putOnce,
  SETPERMISSION: set,
  SETOWNER: set,
  SETTIMES: set,
  SETREPLICATION: set,
  SETXATTR: set,
  REMOVEXATTR: putOnce,
  SETQUOTA: set,
  ALLOWSNAPSHOT: set,
  DISALLOWSNAPSHOT: set,
  CREATESNAPSHOT: putOnce,
  RENAMESNAPSHOT: putOnce,
  DELETESNAPSHOT: { method: "DELETE", idempotent: false },
  // Ends in the same state; only its true or false is lost.
  DELETE: { method: "DELETE", idempotent: true },
  CONCAT: postOnce,
  TRUNCATE: postOnce,
} as const satisfies Readonly<Record<string, OperationSpec>>;

/** Name of an operation. */
export type OperationName = keyof typeof operations;
