// A failed try on its way to a decision: what it says about the server, and the error that people get if it is the last.
import { nextStep } from "../errors/next-step.ts";
import { firstLine } from "../errors/quote.ts";
import type { RemoteException } from "../errors/remote-exception.ts";
import { failureKindOf } from "../errors/remote-exception.ts";
import { WebHdfsError, type WebHdfsErrorKind } from "../errors/web-hdfs-error.ts";
import type { ExchangeFailure } from "../http/exchange-failure.ts";
import type { OperationName } from "../operations/operation-table.ts";
import type { FailureKind } from "../retry/failover-policy.ts";
import { describeFailure, isNotHttp, remedyOfSpeech } from "./describe-failure.ts";

/** What a call is about, for errors. */
export interface CallSubject {
  readonly operation: OperationName;
  readonly path: string;
}

/** One failed try. */
export interface CallFailure {
  readonly kind: FailureKind;
  readonly error: WebHdfsError;
  /** The exception, if the server sent one. */
  readonly remote?: RemoteException | undefined;
}

/** Carries a `CallFailure` up to the loop that decides. */
export class FailedTry extends Error {
  override readonly name = "FailedTry";
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

/** A failure from an exception of the server. */
export function remoteFailure(
  subject: CallSubject,
  remote: RemoteException,
  answer: { readonly status: number; readonly server: string; readonly outcome?: "not-done" | "unknown" },
): CallFailure {
  const { exception, javaClassName, message } = remote;
  const error = new WebHdfsError({
    kind: "remote",
    ...subject,
    reason: `${exception}: ${firstLine(message)}, HTTP ${answer.status} from ${answer.server}`,
    advice: nextStep(exception, message),
    exception,
    javaClassName,
    remoteMessage: message,
    status: answer.status,
    server: answer.server,
    outcome: answer.outcome ?? "not-done",
  });
  return { kind: failureKindOf(remote), error, remote };
}

/** A failure from the network, of a request to a name node. */
export function networkFailure(subject: CallSubject, failure: ExchangeFailure, server: string): CallFailure {
  const remedy = remedyOfSpeech(failure) ?? {
    advice: failure.beforeRequest
      ? "check host and port (9870, with https 9871), and that the NameNode runs"
      : "the operation may have been done; look before trying again",
  };
  const error = new WebHdfsError({
    kind: networkErrorKind(failure),
    ...subject,
    reason: `name node ${server}: ${describeFailure(failure)}`,
    ...remedy,
    server,
    outcome: failure.beforeRequest ? "not-done" : "unknown",
    cause: failure,
  });
  const kind = failure.beforeRequest ? "not-active" : "lost";
  return { kind: isNotHttp(failure) ? "final" : kind, error };
}

function networkErrorKind(failure: ExchangeFailure): WebHdfsErrorKind {
  if (failure.beforeRequest) return "unreachable";
  if (isNotHttp(failure)) return "protocol";
  if (failure.code === "TIMEOUT") return "timeout";
  return failure.phase === "body" ? "incomplete" : "unreachable";
}

/** A failure from an answer that WebHDFS does not give. */
export function protocolFailure(
  subject: CallSubject,
  answer: { readonly status: number; readonly server: string; readonly reason: string; readonly kind?: FailureKind },
): CallFailure {
  const error = new WebHdfsError({
    kind: "protocol",
    ...subject,
    reason: `${answer.reason}, HTTP ${answer.status} from ${answer.server}`,
    advice: "check that the address is a NameNode's or HttpFS's HTTP address and that WebHDFS is on",
    status: answer.status,
    server: answer.server,
    outcome: "unknown",
  });
  return { kind: answer.kind ?? "final", error };
}
