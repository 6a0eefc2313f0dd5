// What an error of the operating system means to a storage step.

import { storageError } from "@millrace/ports";
import type { StorageReason } from "@millrace/ports";
import { isMillraceError } from "@millrace/core";
import type { MillraceError } from "@millrace/core";

const reasonByErrno: Readonly<Record<string, StorageReason>> = {
  ENOENT: "missing",
  ENOTDIR: "missing",
  EEXIST: "exists",
  ENOTEMPTY: "exists",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
  ENOTSUP: "denied",
  ENOSPC: "no-space",
  EDQUOT: "no-space",
  EFBIG: "no-space",
  EINVAL: "invalid",
  EISDIR: "invalid",
  ELOOP: "invalid",
  ENAMETOOLONG: "invalid",
  ENXIO: "invalid",
  EXDEV: "invalid",
};

const texts: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  ENOTDIR: "a file is where a directory should be",
  EEXIST: "it exists",
  ENOTEMPTY: "it exists and is not empty",
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOTSUP: "nothing can be made in its directory",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EISDIR: "it is a directory",
  ELOOP: "it is a loop of links",
  ENAMETOOLONG: "its name is too long",
};

/** Turn something thrown by `node:fs` into a storage error; one that is so already stays. EIO and the like are `unknown`. */
export function localError(act: string, uri: string, thrown: unknown): MillraceError {
  if (isMillraceError(thrown)) return thrown;
  const code = errnoOf(thrown);
  const because = texts[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return storageError(reasonByErrno[code] ?? "unknown", { act, uri, because, cause: thrown });
}

/** Read the code of a system error, such as `ENOENT`; "" for anything else. */
export function errnoOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}
