// What an error of HDFS means to a storage step. The class of the server's exception decides; what may still happen, or
// may have happened, is `unknown`.

import { isMillraceError } from "@millrace/core";
import type { MillraceError } from "@millrace/core";
import { storageError } from "@millrace/ports";
import type { StorageReason } from "@millrace/ports";
import { isWebHdfsError } from "hdfs-webhdfs-client";
import type { WebHdfsError } from "hdfs-webhdfs-client";

const reasonByException: Readonly<Record<string, StorageReason>> = {
  FileNotFoundException: "missing",
  FileAlreadyExistsException: "exists",
  PathIsNotEmptyDirectoryException: "exists",
  AccessControlException: "denied",
  AuthorizationException: "denied",
  AuthenticationException: "denied",
  SecurityException: "denied",
  InvalidToken: "denied",
  SnapshotException: "denied",
  SnapshotAccessControlException: "denied",
  NSQuotaExceededException: "no-space",
  DSQuotaExceededException: "no-space",
  QuotaExceededException: "no-space",
  QuotaByStorageTypeExceededException: "no-space",
  MaxDirectoryItemsExceededException: "no-space",
  DiskOutOfSpaceException: "no-space",
  PathComponentTooLongException: "invalid",
  InvalidPathException: "invalid",
  ParentNotDirectoryException: "invalid",
  NotDirectoryException: "invalid",
  UnresolvedLinkException: "invalid",
  IllegalArgumentException: "invalid",
  HadoopIllegalArgumentException: "invalid",
  UnsupportedOperationException: "invalid",
};

const reasonByKind: Readonly<Record<WebHdfsError["kind"], StorageReason>> = {
  remote: "unknown",
  unreachable: "unknown",
  timeout: "unknown",
  incomplete: "unknown",
  // The file that was opened has no name any more.
  changed: "missing",
  protocol: "invalid",
  unauthenticated: "denied",
  invalid: "invalid",
};

/** Operations that change nothing: whatever became of them, they are over. */
const looks: ReadonlySet<string> = new Set([
  "OPEN",
  "GETFILESTATUS",
  "LISTSTATUS",
  "LISTSTATUS_BATCH",
  "GETFILEBLOCKLOCATIONS",
  "GET_BLOCK_LOCATIONS",
  "CHECKACCESS",
]);

/** What the client says by its options, for users who set them in Hadoop's configuration. */
const adviceByOption: Readonly<Partial<Record<NonNullable<WebHdfsError["option"]>, (error: WebHdfsError) => string>>> =
  {
    hostMap: ({ server = "" }) =>
      `see that the DataNode runs and that its name leads to it from here: by the property millrace.hdfs.host-map ("${server}=ADDRESS:PORT") in hdfs-site.xml, or by dfs.datanode.hostname on the DataNode`,
    tls: () =>
      "set the property millrace.hdfs.tls-ca-file in hdfs-site.xml to the certificate of the authority that signed it (PEM), and use the name that it is made out to",
    insecureRedirects: () => "set dfs.http.policy to HTTPS_ONLY on the DataNodes",
  };

/** What failed. */
export interface HdfsStep {
  /** Verb for the text: `read`, `create`. */
  readonly act: string;
  readonly uri: string;
  /** How the addresses of the cluster were found; told when nobody answers there. */
  readonly origin: string;
}

/** What Kerberos takes, in words of Hadoop's configuration: the client's own name options that nobody sees here. */
const credentialsAdvice =
  'on a cluster with Kerberos set hadoop.security.authentication to kerberos in core-site.xml, get a ticket ("kinit", or KRB5_CLIENT_KTNAME) and install the package kerberos beside millrace ("npm install kerberos")';

/** Turn something thrown by the client into a storage error; one that is so already stays. */
export function hdfsError({ act, uri, origin }: HdfsStep, thrown: unknown): MillraceError {
  if (isMillraceError(thrown)) return thrown;
  if (!isWebHdfsError(thrown)) {
    const because = thrown instanceof Error ? thrown.message : String(thrown);
    return storageError("unknown", { act, uri, because, cause: thrown });
  }
  const nobody = thrown.kind === "unreachable" || thrown.kind === "protocol" || thrown.kind === "timeout";
  const because = nobody ? `${thrown.reason} (addresses ${origin})` : thrown.reason;
  const todo = thrown.kind === "unauthenticated" ? credentialsAdvice : adviceOf(thrown);
  return storageError(hdfsReason(thrown), { act, uri, because, todo, cause: thrown });
}

function adviceOf(error: WebHdfsError): string {
  const ours = error.option === undefined ? undefined : adviceByOption[error.option];
  return ours === undefined ? error.advice : ours(error);
}

/** Why a step on HDFS failed. */
export function hdfsReason(error: WebHdfsError): StorageReason {
  // Whoever answers so is no HDFS; a proxy that is in trouble says 5xx, and may be well later.
  const isNoHdfs = error.kind === "protocol" && looks.has(error.operation) && (error.status ?? 0) < 500;
  if (isNoHdfs) return "invalid";
  if (error.outcome === "unknown") return "unknown";
  if (error.kind !== "remote") return reasonByKind[error.kind];
  // A cluster without room, or without living DataNodes, says both in a plain IOException; the client has waited for them.
  if (/could only be (?:written|replicated) to|Failed to find datanode/u.test(error.remoteMessage ?? ""))
    return "no-space";
  return reasonByException[error.exception ?? ""] ?? "unknown";
}

/** Tell whether the server refused with the exception named. */
export function isRefusal(thrown: unknown, exception: string): thrown is WebHdfsError {
  return isWebHdfsError(thrown, { exception });
}
