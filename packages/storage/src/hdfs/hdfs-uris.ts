// Between URIs of HDFS and paths there, one to one. Names are encoded as those of local files are, so that globs and the
// order of URIs work alike everywhere.

import { storageError } from "@millrace/ports";
import { encodeName } from "../file-uris.ts";
import type { HdfsScheme } from "./name-node-addresses.ts";

/** Schemes of HDFS. */
export const hdfsSchemes = ["hdfs", "webhdfs", "swebhdfs"] as const satisfies readonly HdfsScheme[];

/** What a URI names. */
export interface HdfsName {
  readonly scheme: HdfsScheme;
  /** Name service, or `host:port`; "" is the default file system's. */
  readonly authority: string;
  /** `scheme://authority`: the cluster, as this URI calls it. */
  readonly cluster: string;
  /** Absolute, without a final slash but for the root's. */
  readonly path: string;
}

/** Read a URI. @throws {MillraceError} E_STORAGE (invalid) when it is none of HDFS. */
export function parseHdfsUri(uri: string): HdfsName {
  const match = /^(hdfs|s?webhdfs):\/\/([^/?#]*)(\/[^?#]*)?$/u.exec(uri);
  if (match === null) throw storageError("invalid", { act: "use", uri, because: "it is no hdfs://nameservice/path" });
  const [, scheme = "", authority = "", encoded = "/"] = match;
  const path = decodePath(uri, encoded);
  return { scheme: scheme as HdfsScheme, authority, cluster: `${scheme}://${authority}`, path };
}

function decodePath(uri: string, encoded: string): string {
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch (cause) {
    throw storageError("invalid", { act: "use", uri, because: "its percent-encoding is no UTF-8", cause });
  }
  const names = path.split("/");
  if (path.includes("\0") || /%2f/iu.test(encoded) || names.includes("..") || names.includes("."))
    throw storageError("invalid", { act: "use", uri, because: "it holds a NUL, an encoded slash, . or .." });
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Make the URI of a name in a directory. @param directory - URI of the directory, with or without a final slash */
export function childUri(directory: string, name: string): string {
  return `${directory.endsWith("/") ? directory.slice(0, -1) : directory}/${encodeName(name)}`;
}

/** Directory of a path; the root's is itself. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}

/** Path of a name in a directory. */
export function childPath(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}
