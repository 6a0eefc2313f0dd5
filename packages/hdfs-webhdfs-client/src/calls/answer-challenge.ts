// What is done about a 401: send a ticket where one is asked for, and hold the server that takes it to its proof.
import type { Authenticator, Challenged } from "../auth/authenticator.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { bodyText } from "../http/read-body.ts";
import type { Sent, Try } from "./ask-name-node.ts";
import { orAborted } from "./call-deadline.ts";

/** Answers that are no success are read up to here; the rest of an HTML page tells nothing. */
export const errorBytesMax = 256 * 1024;

/** What Kerberos takes on this side. */
export const ticketAdvice = '"kinit", "klist"; npm install kerberos';

/** A 401, and how to ask again. */
interface Challenge {
  readonly sent: Sent;
  readonly send: (headers: Readonly<Record<string, string>>) => Promise<Sent>;
}

/**
 * Answer a 401 as well as we can. @returns undefined when there is nothing to answer it with.
 * @throws {WebHdfsError} unauthenticated: there is no ticket, it is not taken, or the server is another
 */
export async function answerChallenge(
  once: Try,
  authenticator: Authenticator,
  { sent, send }: Challenge,
): Promise<Sent | undefined> {
  const { server, deadline } = once;
  const challenge = sent.response.headers["www-authenticate"];
  let challenged: Challenged | undefined;
  try {
    challenged = await orAborted(authenticator.negotiate(server, challenge), deadline.signal);
  } catch (cause) {
    sent.exchange.destroy();
    deadline.signal.throwIfAborted();
    throw unauthenticated(once, {
      reason: `no Kerberos credentials for ${server.label}, ${(cause as Error).message}`,
      status: 401,
      advice: `see that there is a ticket (${ticketAdvice}), or use a delegation token`,
      cause,
    });
  }
  if (challenged === undefined) return undefined;
  await bodyText(sent.exchange, sent.response, errorBytesMax);
  const again = await send(challenged.headers);
  if (again.response.statusCode === 401) {
    again.exchange.destroy();
    throw unauthenticated(once, {
      reason: `${server.label} does not take the Kerberos ticket, HTTP 401`,
      status: 401,
      advice: "check principal, realm, host name (HTTP/host) and clock; the server's log has the cause",
    });
  }
  try {
    await orAborted(challenged.check(again.response.headers["www-authenticate"]), deadline.signal);
  } catch (cause) {
    again.exchange.destroy();
    deadline.signal.throwIfAborted();
    throw unauthenticated(once, {
      reason: `${server.label} is not who it should be: ${(cause as Error).message}`,
      advice: "check the address, and who answers there",
      cause,
      // Whoever it was has the request.
      outcome: "unknown",
    });
  }
  return again;
}

interface Unauthenticated {
  readonly reason: string;
  readonly advice: string;
  readonly status?: number;
  readonly cause?: unknown;
  readonly outcome?: "unknown";
}

function unauthenticated({ call, server }: Try, { outcome, ...why }: Unauthenticated): WebHdfsError {
  return new WebHdfsError({
    kind: "unauthenticated",
    operation: call.operation,
    path: call.path,
    server: server.label,
    outcome: outcome ?? "not-done",
    ...why,
  });
}
