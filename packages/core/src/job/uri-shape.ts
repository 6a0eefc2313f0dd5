// What a URI of an input or output must look like, and when two of them overlap. Text only: nothing is looked up, so
// links and mounts are the submitter's affair.

import { limits } from "../limits.ts";

const uriPattern = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(?:\/.*)?$/;
const globPattern = /[*?[\]{}]/;

/**
 * Say what is wrong with an absolute URI such as `file:///data/logs` or `hdfs://nameservice/logs`.
 * @returns a reason for a message, undefined when nothing is wrong.
 */
export function uriFault(uri: string): string | undefined {
  if (!uriPattern.test(uri)) return "it is no absolute URI such as file:///data/logs";
  if (uri.length > limits.uriCharactersMax)
    return `it has ${uri.length} characters, more than ${limits.uriCharactersMax}`;
  if (/[\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(uri))
    return "it holds blanks or control characters, which are written %20 and so on";
  if (uri.includes("#")) return "it holds a raw #, which is written %23";
  const segments = pathSegments(uri);
  if (segments.some((segment) => segment === "." || segment === "..")) return "it holds . or .. as a name";
  if (segments.slice(0, -1).some((segment) => segment === "")) return "it holds two slashes in a row";
  if (segments.length > 1 && segments.at(-1) === "") return "it ends in a slash";
  return undefined;
}

/** Tell whether a URI is a pattern: `*`, `?`, `[…]` or `{…}` that is not percent-encoded. */
export function isGlob(uri: string): boolean {
  return globPattern.test(uri);
}

/** Cut a pattern before its first segment with a wildcard: `file:///logs/2024-*` gives `file:///logs`. */
export function globBase(uri: string): string {
  const at = uri.search(globPattern);
  if (at < 0) return uri;
  const root = uri.indexOf("/", uri.indexOf("://") + 3) + 1;
  return uri.slice(0, Math.max(uri.lastIndexOf("/", at), root));
}

/** Tell whether two URIs are the same or one lies inside the other. */
export function urisOverlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** Tell whether `uri` is `directory` or lies below it. */
export function isWithin(uri: string, directory: string): boolean {
  const base = directory.endsWith("/") ? directory : `${directory}/`;
  return uri === directory || uri.startsWith(base);
}

/** Names of the path, those after the authority; the root has one empty name. */
function pathSegments(uri: string): readonly string[] {
  const path = uri.indexOf("/", uri.indexOf("://") + 3);
  return path < 0 ? [""] : uri.slice(path + 1).split("/");
}
