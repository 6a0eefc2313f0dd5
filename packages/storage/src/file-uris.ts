// Between paths of this machine and `file:` URIs, one to one for names in UTF-8. What a user types (a path, a pattern, a
// URI) becomes the URI that the engine carries; wildcards stay raw, all other characters that could be taken for
// something else are percent-encoded.

import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import { MillraceError, isGlob, quote } from "@millrace/core";
import { storageError } from "@millrace/ports";

const uriPrefix = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Schemes of this version, and no slash or one after them: Hadoop takes one for an absolute path of the default file system. */
const shortPrefix = /^(file|hdfs|s?webhdfs):(\/?)(?!\/)/i;

/** Make the URI of an absolute path. @throws {MillraceError} E_STORAGE (invalid) for a name that is not Unicode text. */
export function uriOfPath(path: string): string {
  return `file://${encodeSegments(path, encodeName)}`;
}

/** Make the path of a `file:` URI. @throws {MillraceError} E_STORAGE (invalid) when the URI names no path of this machine. */
export function pathOfUri(uri: string): string {
  const match = /^file:\/\/(?:localhost)?(\/[^?#]*)$/.exec(uri);
  if (match?.[1] === undefined) throw storageError("invalid", { act: "use", uri, because: "it is no file:///path" });
  let path: string;
  try {
    path = decodeURIComponent(match[1]);
  } catch (cause) {
    throw storageError("invalid", { act: "use", uri, because: "its percent-encoding is no UTF-8", cause });
  }
  const names = path.split("/");
  if (path.includes("\0") || /%2f/i.test(match[1]) || names.includes("..") || names.includes("."))
    throw storageError("invalid", { act: "use", uri, because: "it holds a NUL, an encoded slash, . or .." });
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/**
 * Make the URI of an output from what a user typed: a path, absolute or from `cwd`, or a URI. `hdfs:/path` is
 * `hdfs:///path`, as for Hadoop.
 * @throws {MillraceError} E_STORAGE (invalid), E_USAGE for no text at all.
 */
export function outputUriOf(text: string, cwd: string): string {
  return typedUri(text) ?? uriOfPath(resolve(cwd, text));
}

/**
 * Make the URI or pattern of an input from what a user typed. Wildcards `*`, `?`, `[…]`, `{…}` of a path stay wildcards
 * unless a file of that very name exists.
 * @throws {MillraceError} E_STORAGE (invalid), E_USAGE for no text at all.
 */
export async function inputUriOf(text: string, cwd: string): Promise<string> {
  const uri = typedUri(text);
  if (uri !== undefined) return uri;
  const path = resolve(cwd, text);
  if (!isGlob(text) || (await exists(path))) return uriOfPath(path);
  // Only what was typed is a pattern: brackets in the name of the working directory are themselves.
  const names = text.split("/");
  const first = names.findIndex(isGlob);
  const begin = names.slice(0, first).join("/");
  const base = uriOfPath(resolve(cwd, text.startsWith("/") ? `${begin}/` : begin));
  const pattern = names.slice(first).filter((name) => name !== "" && name !== ".");
  if (pattern.includes(".."))
    throw storageError("invalid", { act: "match", uri: text, because: "it goes up after a wildcard" });
  return `${base === "file:///" ? "file://" : base}/${encodeSegments(pattern.join("/"), encodePattern)}`;
}

/** Percent-encode one name: all but letters, digits and what no URI and no pattern gives a meaning. */
export function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]|%3D|%3A|%2C|%2B|%40|%26|%24|%3B/g, (found) => {
    return found.length === 1 ? `%${found.charCodeAt(0).toString(16).toUpperCase()}` : decodeURIComponent(found);
  });
}

/** Encode all but wildcards; `[^a]` is written `[!a]`, as a URI may hold no raw `^`. */
function encodePattern(name: string): string {
  return name.replace(/\[[!^]|[^*?[\]{}]+/g, (found) => (found.startsWith("[") ? "[!" : encodeName(found)));
}

function encodeSegments(path: string, encode: (name: string) => string): string {
  try {
    return path.split("/").map(encode).join("/");
  } catch (cause) {
    throw storageError("invalid", { act: "use", uri: path, because: "it holds a lone surrogate", cause });
  }
}

/**
 * Read what was typed as a URI. @returns undefined for a path.
 * @throws {MillraceError} E_STORAGE (invalid) for a scheme of this version without a slash: no path is meant by it.
 * E_USAGE for no text: it would be the working directory, and it comes of a variable without a value.
 */
function typedUri(text: string): string | undefined {
  if (text === "")
    throw new MillraceError(
      "E_USAGE",
      'Cannot use the path "": it is empty, is a shell variable unset? Write a path; "." is the working directory',
    );
  if (uriPrefix.test(text)) return withoutFinalSlash(text);
  const [prefix, scheme = "", slash] = shortPrefix.exec(text) ?? [];
  if (prefix === undefined) return undefined;
  const uri = `${scheme.toLowerCase()}:///${text.slice(prefix.length)}`;
  if (slash === "/") return withoutFinalSlash(uri);
  const todo = `write ${quote(uri)}, or ${quote(`./${text}`)} for a file of that name in the working directory`;
  throw storageError("invalid", { act: "use", uri: text, because: `no slash follows ${quote(`${scheme}:`)}`, todo });
}

function withoutFinalSlash(uri: string): string {
  const root = /^[^:]+:\/\/[^/]*\/?$/.test(uri);
  return root ? uri : uri.replace(/\/+$/, "");
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
