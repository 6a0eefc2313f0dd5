// Failures of the network in words, and what to do about them. Three of them say nothing of who is reached, but of what
// is spoken there: a port without TLS, a certificate that is not trusted, and a port that is no HTTP at all.
import { firstLine } from "../errors/quote.ts";
import type { ExchangeFailure } from "../http/exchange-failure.ts";
import type { WebHdfsClientOptions } from "../client-options.ts";

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up now",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no route to the network",
  ECONNRESET: "the connection was dropped",
  EPIPE: "the connection was dropped",
};

/** OpenSSL's names of what is wrong with a certificate, and Node's. @see `man verify`, X509_V_ERR_… */
const certificateCode = /CERT|^HOSTNAME_MISMATCH$|^UNABLE_TO_(?:VERIFY|GET_ISSUER|DECODE_ISSUER)/u;

/** What stands in the way of talking at all. */
type Speech = "certificate" | "no-tls" | "no-http" | "other";

function speechOf(failure: ExchangeFailure): Speech {
  const { code, message, phase } = failure;
  if (phase === "connect" && certificateCode.test(code)) return "certificate";
  if (phase === "connect" && /^(?:EPROTO|ERR_SSL_)/u.test(code)) {
    return /wrong version number|packet length too long|WRONG_VERSION|PACKET_LENGTH/iu.test(`${code} ${message}`)
      ? "no-tls"
      : "certificate";
  }
  // Node's parser: an answer that begins with anything but HTTP/1.
  return phase === "reply" && /^HPE_INVALID_(?:CONSTANT|VERSION)$/u.test(code) ? "no-http" : "other";
}

/** Whether the answer is none that HTTP has, or was asked for: asking again would give the same. */
export function isNotHttp({ code, phase }: ExchangeFailure): boolean {
  return code === "ENCODED" || (phase === "reply" && code.startsWith("HPE_"));
}

/** A network failure in words: `nothing listens there (ECONNREFUSED)`. */
export function describeFailure(failure: ExchangeFailure): string {
  switch (speechOf(failure)) {
    case "certificate":
      return `its certificate is not accepted, or it accepts none of ours (${failure.code}: ${firstLine(failure.message)})`;
    case "no-tls":
      return `it speaks no TLS (${failure.code})`;
    case "no-http":
      return `what listens there speaks no HTTP/1.1 (${failure.code})`;
    case "other": {
      const known = reasons[failure.code];
      return known === undefined ? firstLine(failure.message) : `${known} (${failure.code})`;
    }
  }
}

/** What to do, and the option of the client that does it. */
export interface Remedy {
  readonly advice: string;
  readonly option?: keyof WebHdfsClientOptions;
}

/** What to do about a failure that tells what is spoken at an address; undefined for all others. */
export function remedyOfSpeech(failure: ExchangeFailure): Remedy | undefined {
  switch (speechOf(failure)) {
    case "certificate":
      return {
        advice: 'give the authority that signed it (option "tls"), and the name that it is made out to',
        option: "tls",
      };
    case "no-tls":
      return { advice: 'write "http:" for this address, or give its HTTPS port' };
    case "no-http":
      return { advice: "check host and port: HTTP is at 9870, with https at 9871, of a NameNode" };
    case "other":
      return undefined;
  }
}
