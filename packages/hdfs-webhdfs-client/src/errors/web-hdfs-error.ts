// The one error of this package. Match on `kind` and `exception`, never on text.
import type { WebHdfsClientOptions } from "../client-options.ts";
import { quote } from "./quote.ts";

/**
 * What went wrong.
 * - `remote`: the server answered with an exception (see `exception`)
 * - `unreachable`: no connection could be made: refused, unknown host, no route
 * - `timeout`: a server was silent for too long
 * - `incomplete`: fewer or more bytes came or arrived than were announced or expected
 * - `changed`: the file under a reader is no longer the one that was opened
 * - `protocol`: the answer is not WebHDFS
 * - `unauthenticated`: the server wants credentials that were not given
 * - `invalid`: an argument cannot be sent
 */
export type WebHdfsErrorKind =
  | "remote"
  | "unreachable"
  | "timeout"
  | "incomplete"
  | "changed"
  | "protocol"
  | "unauthenticated"
  | "invalid";

/** What an error is made of. */
export interface WebHdfsErrorDetails {
  readonly kind: WebHdfsErrorKind;
  /** WebHDFS operation, such as `OPEN`. */
  readonly operation: string;
  readonly path: string;
  /** Why, with the current value; no full stop. */
  readonly reason: string;
  /** What to do about it. */
  readonly advice: string;
  /** Option of the client that would mend it, where one would: for programs whose users set it by another name. */
  readonly option?: keyof WebHdfsClientOptions | undefined;
  /** Simple class name of the server's exception, such as `FileNotFoundException`. */
  readonly exception?: string | undefined;
  readonly javaClassName?: string | undefined;
  /** The exception's own message, whole. */
  readonly remoteMessage?: string | undefined;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** `host:port` of the server that was asked last. */
  readonly server?: string | undefined;
  /** Whether the operation certainly did not happen, or may have happened or may still happen. */
  readonly outcome: "not-done" | "unknown";
  readonly cause?: unknown;
}

/** A WebHDFS operation that failed. Its message says what, why, and what to do next. */
export class WebHdfsError extends Error {
  override readonly name = "WebHdfsError";
  readonly kind: WebHdfsErrorKind;
  readonly operation: string;
  readonly path: string;
  /** Why, without the rest of the message. */
  readonly reason: string;
  /** What to do about it. */
  readonly advice: string;
  /** Option of the client that would mend it, where one would. */
  readonly option: keyof WebHdfsClientOptions | undefined;
  readonly exception: string | undefined;
  readonly javaClassName: string | undefined;
  readonly remoteMessage: string | undefined;
  readonly status: number | undefined;
  readonly server: string | undefined;
  /** `unknown`: the operation may have happened, or may still happen; look before trying again. */
  readonly outcome: "not-done" | "unknown";

  constructor(details: WebHdfsErrorDetails) {
    const { operation, path, reason, advice } = details;
    super(`Cannot ${operation} ${quote(path)}: ${reason}; ${advice}`, { cause: details.cause });
    this.kind = details.kind;
    this.operation = operation;
    this.path = path;
    this.reason = reason;
    this.advice = advice;
    this.option = details.option;
    this.exception = details.exception;
    this.javaClassName = details.javaClassName;
    this.remoteMessage = details.remoteMessage;
    this.status = details.status;
    this.server = details.server;
    this.outcome = details.outcome;
  }
}

/** Tell whether `error` is a `WebHdfsError`, of the given kind or with the given exception if asked. */
export function isWebHdfsError(
  error: unknown,
  match: { readonly kind?: WebHdfsErrorKind; readonly exception?: string } = {},
): error is WebHdfsError {
  return (
    error instanceof WebHdfsError &&
    (match.kind === undefined || error.kind === match.kind) &&
    (match.exception === undefined || error.exception === match.exception)
  );
}
