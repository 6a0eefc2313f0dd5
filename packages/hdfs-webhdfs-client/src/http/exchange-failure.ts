// How one HTTP exchange failed, by how far it had come: only the phase tells whether the server may have acted.

/**
 * `pool`: waiting for a free connection; `connect`: no connection yet; `request`: body being sent;
 * `reply`: all sent, no answer yet; `body`: answer began.
 */
export type ExchangePhase = "pool" | "connect" | "request" | "reply" | "body";

/** A network failure or a silence; never an answer of the server. */
export class ExchangeFailure extends Error {
  override readonly name = "ExchangeFailure";
  readonly phase: ExchangePhase;
  /** System error code such as `ECONNREFUSED`, or `TIMEOUT`, or `INCOMPLETE`. */
  readonly code: string;
  /** On a kept connection that the server may have closed just before: says nothing about the server. */
  readonly reused: boolean;

  constructor(phase: ExchangePhase, code: string, options: { message: string; reused?: boolean; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.phase = phase;
    this.code = code;
    this.reused = options.reused ?? false;
  }

  /** Whether no byte of the request can have reached a server. */
  get beforeRequest(): boolean {
    return this.phase === "pool" || this.phase === "connect";
  }
}

/** Make a failure of what Node reports. */
export function toExchangeFailure(error: unknown, phase: ExchangePhase, reused = false): ExchangeFailure {
  if (error instanceof ExchangeFailure) return error;
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  // An AggregateError of several addresses (IPv4 and IPv6) has a code but no message.
  return new ExchangeFailure(phase, code ?? "ENETWORK", {
    message: message === undefined || message === "" ? (code ?? "connection failed") : message,
    reused,
    cause: error,
  });
}
