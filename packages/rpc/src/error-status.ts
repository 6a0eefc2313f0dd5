// Errors over the wire: a MillraceError travels as the status of core's error table with its code in the trailing
// metadata, and comes back as the same error. What has no code is mapped by its status.

import { Metadata, status } from "@grpc/grpc-js";
import type { ServiceError, StatusObject } from "@grpc/grpc-js";
import { MillraceError, errorEntry, errorTable, isMillraceError } from "@millrace/core";
import type { ErrorCode, ErrorDetails } from "@millrace/core";

const codeKey = "millrace-code";
const detailsKey = "millrace-details-bin";
/** Texts travel percent-encoded in a header; a peer takes headers of 64 KiB in all. */
const textCharactersMax = 4_096;
const detailsBytesMax = 4_096;

/** The status that carries an error. One that is no MillraceError is a bug: its text stays here. */
export function statusOf(thrown: unknown): StatusObject {
  const metadata = new Metadata();
  if (!isMillraceError(thrown)) {
    metadata.set(codeKey, "E_INTERNAL");
    return { code: status.INTERNAL, details: "Cannot answer: a bug of Millrace; see the coordinator's log", metadata };
  }
  metadata.set(codeKey, thrown.code);
  const details = Buffer.from(JSON.stringify(thrown.details));
  if (details.length <= detailsBytesMax) metadata.set(detailsKey, details);
  return { code: status[errorEntry(thrown.code).grpc], details: cut(thrown.message), metadata };
}

function cut(text: string): string {
  const short = text.length > textCharactersMax ? `${text.slice(0, textCharactersMax)}…` : text;
  return short.toWellFormed();
}

/** What a status without a code of ours means. */
const codeByStatus: Readonly<Partial<Record<status, ErrorCode>>> = {
  // Our own cancelling is told by the signal that caused it; this is a server that stops.
  [status.CANCELLED]: "E_UNREACHABLE",
  [status.INVALID_ARGUMENT]: "E_MESSAGE",
  [status.DEADLINE_EXCEEDED]: "E_UNREACHABLE",
  [status.PERMISSION_DENIED]: "E_FORBIDDEN",
  [status.RESOURCE_EXHAUSTED]: "E_TOO_LARGE",
  [status.UNIMPLEMENTED]: "E_VERSION_MISMATCH",
  [status.UNAVAILABLE]: "E_UNREACHABLE",
  [status.UNAUTHENTICATED]: "E_AUTH",
};

/** The error that a failed call stands for. */
export function errorOf(failure: Pick<ServiceError, "code" | "details" | "metadata">, address: string): MillraceError {
  const [code] = failure.metadata.get(codeKey);
  if (typeof code === "string" && Object.hasOwn(errorTable, code)) {
    return new MillraceError(code as ErrorCode, failure.details, { details: detailsOf(failure.metadata) });
  }
  const mapped = codeByStatus[failure.code] ?? "E_INTERNAL";
  if (mapped === "E_UNREACHABLE") {
    const reason = failure.code === status.DEADLINE_EXCEEDED ? "no answer in time" : causeOf(failure.details);
    return unreachable(address, reason);
  }
  return new MillraceError(
    mapped,
    `Cannot call the coordinator at "${address}": ${failure.details}; see the coordinator's log`,
  );
}

/** What kept a connection from being made, between what grpc-js writes around it. */
const connectPattern = /^(?:[a-z_]+: )?No connection established\. Last error: (.*?)(?:\. Resolution note: .*)?$/su;
/** When the last try was made: each text would differ from the one before. */
const triedPattern = / \(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/u;

/** The system's own words, such as `connect ECONNREFUSED 127.0.0.1:7450`, out of the text of a failed call. */
function causeOf(details: string): string {
  const [, cause = ""] = connectPattern.exec(details) ?? [];
  const words = cause
    .replace(triedPattern, "")
    .replace(/^Error: /u, "")
    .trim();
  if (words !== "" && words !== "null") return words;
  return details.startsWith("No connection established") ? "no connection was made" : details;
}

/** The error of a coordinator that does not answer. */
export function unreachable(address: string, reason: string): MillraceError {
  return new MillraceError(
    "E_UNREACHABLE",
    `Cannot reach the coordinator at "${address}": ${reason}; start one with \`millrace cluster up\`, or check the address`,
    { details: { address } },
  );
}

function detailsOf(metadata: Metadata): ErrorDetails {
  const [bytes] = metadata.get(detailsKey);
  if (!(bytes instanceof Buffer)) return {};
  try {
    const parsed: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof parsed !== "object" || parsed === null) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value)),
    ) as ErrorDetails;
  } catch {
    return {};
  }
}
