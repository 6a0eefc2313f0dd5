// What the variables of log patterns are: which columns they give and how their texts look. nginx's names; what Apache
// writes is put into them. The types of columns are made from this table, so it is the only one.

import type { KeyCodec } from "@millrace/sdk";

/** The form of a column: its codec in a word, with `?` for one that may be missing. */
export type ColumnForm = "text" | "text?" | "int" | "int?" | "double?" | "time" | "time?";

/**
 * How the end of a value is found. `word`: at the text that follows it, and it is never empty. `text`: at the first place
 * of the text that follows it behind which the rest makes sense, as names and requests hold anything. `list`: as a word,
 * but `, ` and ` : ` may stand in it. `local` and `bracketed`: a time of 26 characters, or of 28 with its brackets.
 */
export type ValueEnd = "word" | "text" | "list" | "local" | "bracketed";

/** How a text becomes a number. `sum`: the numbers of a list. `unix`: seconds since 1970. `by` divides what is written. */
export type ValueReading =
  | { readonly kind: "text" | "int" | "double" | "iso" | "sum" | "local" }
  | { readonly kind: "double" | "unix"; readonly by: number };

/** One variable. */
export interface LogVariable {
  readonly columns: Readonly<Record<string, ColumnForm>>;
  readonly end: ValueEnd;
  readonly reading: ValueReading;
}

const text = { kind: "text" } as const;
const int = { kind: "int" } as const;
const sum = { kind: "sum" } as const;
const seconds = { kind: "double", by: 1 } as const;

/** Variables that are more than text; every other is the column of its name in camel case, a text or null. */
export const knownVariables = {
  remote_addr: { columns: { host: "text" }, end: "word", reading: text },
  remote_user: { columns: { user: "text?" }, end: "text", reading: text },
  time_local: { columns: { time: "time" }, end: "local", reading: { kind: "local" } },
  time_bracketed: { columns: { time: "time" }, end: "bracketed", reading: { kind: "local" } },
  time_iso8601: { columns: { time: "time" }, end: "word", reading: { kind: "iso" } },
  msec: { columns: { time: "time" }, end: "word", reading: { kind: "unix", by: 1 } },
  time_ms: { columns: { time: "time" }, end: "word", reading: { kind: "unix", by: 1e3 } },
  time_us: { columns: { time: "time" }, end: "word", reading: { kind: "unix", by: 1e6 } },
  request: { columns: { method: "text", path: "text", protocol: "text?" }, end: "text", reading: text },
  request_method: { columns: { method: "text" }, end: "word", reading: text },
  request_uri: { columns: { path: "text" }, end: "text", reading: text },
  server_protocol: { columns: { protocol: "text?" }, end: "word", reading: text },
  status: { columns: { status: "int" }, end: "word", reading: int },
  body_bytes_sent: { columns: { bytes: "int?" }, end: "word", reading: int },
  bytes_sent: { columns: { bytesSent: "int?" }, end: "word", reading: int },
  request_length: { columns: { requestLength: "int?" }, end: "word", reading: int },
  http_referer: { columns: { referrer: "text?" }, end: "text", reading: text },
  http_user_agent: { columns: { userAgent: "text?" }, end: "text", reading: text },
  request_time: { columns: { requestTime: "double?" }, end: "word", reading: seconds },
  request_time_ms: { columns: { requestTime: "double?" }, end: "word", reading: { kind: "double", by: 1e3 } },
  request_time_us: { columns: { requestTime: "double?" }, end: "word", reading: { kind: "double", by: 1e6 } },
  upstream_response_time: { columns: { upstreamResponseTime: "double?" }, end: "list", reading: sum },
  upstream_connect_time: { columns: { upstreamConnectTime: "double?" }, end: "list", reading: sum },
  upstream_header_time: { columns: { upstreamHeaderTime: "double?" }, end: "list", reading: sum },
  upstream_addr: { columns: { upstreamAddr: "text?" }, end: "list", reading: text },
  upstream_status: { columns: { upstreamStatus: "text?" }, end: "list", reading: text },
  upstream_cache_status: { columns: { upstreamCacheStatus: "text?" }, end: "list", reading: text },
  connection: { columns: { connection: "int?" }, end: "word", reading: int },
  connection_requests: { columns: { connectionRequests: "int?" }, end: "word", reading: int },
  server_port: { columns: { serverPort: "int?" }, end: "word", reading: int },
  remote_port: { columns: { remotePort: "int?" }, end: "word", reading: int },
  pid: { columns: { pid: "int?" }, end: "word", reading: int },
  gzip_ratio: { columns: { gzipRatio: "double?" }, end: "word", reading: seconds },
} as const satisfies Readonly<Record<string, LogVariable>>;

/** Directives of Apache that are a letter, as variables. Those with a name in braces are made of it. */
export const apacheVariables = {
  a: "remote_addr",
  A: "server_addr",
  b: "body_bytes_sent",
  B: "body_bytes_sent",
  D: "request_time_us",
  f: "request_filename",
  h: "remote_addr",
  H: "server_protocol",
  I: "request_length",
  k: "keepalive_requests",
  l: "remote_ident",
  L: "log_id",
  m: "request_method",
  O: "bytes_sent",
  p: "server_port",
  P: "pid",
  q: "query_string",
  r: "request",
  R: "handler",
  s: "status",
  S: "bytes_transferred",
  t: "time_bracketed",
  T: "request_time",
  u: "remote_user",
  U: "uri",
  v: "server_name",
  V: "canonical_name",
  X: "connection_status",
} as const;

/** What the name in the braces of a directive belongs to: `%{Referer}i` is a header of the request. */
export const apachePrefixes = { i: "http_", o: "sent_http_", C: "cookie_", e: "env_", n: "note_" } as const;

/** `%{…}t` and `%{…}T`, which name a form instead. */
export const apacheForms = {
  "sec t": "msec",
  "msec t": "time_ms",
  "usec t": "time_us",
  "%d/%b/%Y:%H:%M:%S %z t": "time_local",
  "%Y-%m-%dT%H:%M:%S%z t": "time_iso8601",
  "s T": "request_time",
  "ms T": "request_time_ms",
  "us T": "request_time_us",
} as const;

/** Codec of a form. */
export type CodecOf<F> = F extends "text"
  ? KeyCodec<string, "text">
  : F extends "text?"
    ? KeyCodec<string | null, { readonly optional: "text" }>
    : F extends "int"
      ? KeyCodec<number, "int">
      : F extends "int?"
        ? KeyCodec<number | null, { readonly optional: "int" }>
        : F extends "double?"
          ? KeyCodec<number | null, { readonly optional: "double" }>
          : KeyCodec<number, "time">;
