export { createWebHdfsClient, type WebHdfsClient } from "./web-hdfs-client.ts";
export type { HostMap, Negotiation, RetryBounds, WebHdfsAuth, WebHdfsClientOptions } from "./client-options.ts";
export { negotiateByKerberosPackage } from "./auth/kerberos-package.ts";
export type {
  AppendOptions,
  AttributeOperations,
  Body,
  CallOptions,
  CreateOptions,
  FileOperations,
  NamespaceOperations,
  RangeOptions,
  ReadOptions,
  RenameOption,
  ServedBytes,
  ServerOperations,
  SnapshotOperations,
  WebHdfsWriter,
  XAttrs,
} from "./operations/operation-groups.ts";
export type { HdfsFileStatus } from "./model/file-status.ts";
export type { DataNodeAddress, HdfsBlockLocation, LocatedBlock, LocatedBlocks } from "./model/block-location.ts";
export type {
  HdfsChecksum,
  HdfsContentSummary,
  HdfsFileSystemStatus,
  HdfsQuotaUsage,
  HdfsServerDefaults,
} from "./model/usage.ts";
export type { HdfsSnapshot, HdfsSnapshotChange, HdfsSnapshotDiff } from "./model/snapshot.ts";
export {
  isWebHdfsError,
  WebHdfsError,
  type WebHdfsErrorDetails,
  type WebHdfsErrorKind,
} from "./errors/web-hdfs-error.ts";
export { systemClock, type WebHdfsClock } from "./clock.ts";
