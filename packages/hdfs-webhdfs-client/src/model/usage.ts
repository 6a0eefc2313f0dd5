// Totals, quotas and checksums.
import type { Reply } from "./reply.ts";

/** What a path holds in all, as GETCONTENTSUMMARY tells. Quotas are -1 where none is set. */
export interface HdfsContentSummary {
  readonly directoryCount: number;
  readonly fileCount: number;
  /** Bytes of the files, each once. */
  readonly bytes: number;
  /** Bytes with all replicas. */
  readonly spaceConsumed: number;
  readonly nameQuota: number;
  readonly spaceQuota: number;
}

/** Quotas of a directory and what is used of them, as GETQUOTAUSAGE tells. Quotas are -1 where none is set. */
export interface HdfsQuotaUsage {
  readonly fileAndDirectoryCount: number;
  readonly spaceConsumed: number;
  readonly nameQuota: number;
  readonly spaceQuota: number;
}

/**
 * A file's checksum. `MD5-of-…` depends on the block size and on the size of checksum chunks: compare only where
 * `algorithm` is equal.
 */
export interface HdfsChecksum {
  readonly algorithm: string;
  /** Hexadecimal. */
  readonly checksum: string;
  /** Bytes of the checksum. */
  readonly length: number;
}

/** What GETSTATUS tells of the file system: bytes. */
export interface HdfsFileSystemStatus {
  readonly capacity: number;
  readonly used: number;
  readonly remaining: number;
}

/** What GETSERVERDEFAULTS tells. */
export interface HdfsServerDefaults {
  readonly blockBytes: number;
  readonly replication: number;
  readonly bytesPerChecksum: number;
  readonly fileBufferBytes: number;
  readonly encryptDataTransfer: boolean;
  readonly trashIntervalMinutes: number;
  readonly defaultStoragePolicyId: number;
}

export function readContentSummary(reply: Reply): HdfsContentSummary {
  const summary = reply.get("ContentSummary");
  return {
    directoryCount: summary.get("directoryCount").number(),
    fileCount: summary.get("fileCount").number(),
    bytes: summary.get("length").number(),
    spaceConsumed: summary.get("spaceConsumed").number(),
    nameQuota: summary.find("quota")?.number() ?? -1,
    spaceQuota: summary.find("spaceQuota")?.number() ?? -1,
  };
}

export function readQuotaUsage(reply: Reply): HdfsQuotaUsage {
  const usage = reply.get("QuotaUsage");
  return {
    fileAndDirectoryCount: usage.get("fileAndDirectoryCount").number(),
    spaceConsumed: usage.get("spaceConsumed").number(),
    nameQuota: usage.find("quota")?.number() ?? -1,
    spaceQuota: usage.find("spaceQuota")?.number() ?? -1,
  };
}

export function readChecksum(reply: Reply): HdfsChecksum {
  const checksum = reply.get("FileChecksum");
  return {
    algorithm: checksum.get("algorithm").string(),
    checksum: checksum.get("bytes").string(),
    length: checksum.get("length").number(),
  };
}

export function readFileSystemStatus(reply: Reply): HdfsFileSystemStatus {
  const status = reply.get("FsStatus");
  return {
    capacity: status.get("capacity").number(),
    used: status.get("used").number(),
    remaining: status.get("remaining").number(),
  };
}

export function readServerDefaults(reply: Reply): HdfsServerDefaults {
  const defaults = reply.get("FsServerDefaults");
  return {
    blockBytes: defaults.get("blockSize").number(),
    replication: defaults.get("replication").number(),
    bytesPerChecksum: defaults.find("bytesPerChecksum")?.number() ?? 512,
    fileBufferBytes: defaults.find("fileBufferSize")?.number() ?? 4096,
    encryptDataTransfer: defaults.find("encryptDataTransfer")?.boolean() ?? false,
    trashIntervalMinutes: defaults.find("trashInterval")?.number() ?? 0,
    defaultStoragePolicyId: defaults.find("defaultStoragePolicyId")?.number() ?? 0,
  };
}
