// Paths and queries on the wire: each segment encoded once, by `encodeURIComponent`, and never again.
import { WebHdfsError } from "../errors/web-hdfs-error.ts";

/** Values of a query; those undefined are left out, a list is one parameter for each item. */
export type QueryValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

function refuse(operation: string, path: string, reason: string): WebHdfsError {
  const advice = 'give an absolute path in plain characters, such as "/logs/2024/a b.txt"';
  return new WebHdfsError({ kind: "invalid", operation, path, reason, advice, outcome: "not-done" });
}

/**
 * Check a path and encode it for a URL. One slash at the end is dropped. `:` and other characters that HDFS refuses are
 * left to the server, which knows its version.
 * @throws {WebHdfsError} `invalid` for a path that is not absolute, or that has an empty segment, `.`, `..` or half a
 * surrogate pair: a URL cannot carry them faithfully
 */
export function encodePath(operation: string, path: string): string {
  if (!path.startsWith("/")) throw refuse(operation, path, "the path does not begin with a slash");
  const trimmed = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  if (trimmed === "/") return "/";
  const segments = trimmed.slice(1).split("/");
  const odd = segments.find((segment) => segment === "" || segment === "." || segment === "..");
  if (odd !== undefined) throw refuse(operation, path, `the path has a segment "${odd}"`);
  if (!path.isWellFormed()) throw refuse(operation, path, "the path has half a surrogate pair");
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

/** Encode a query, in the order given. */
export function encodeQuery(values: QueryValues): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item: unknown) => ({ name, item })))
    .filter(({ item }) => item !== undefined)
    .map(({ name, item }) => `${name}=${encodeURIComponent(String(item))}`)
    .join("&");
}
