// One call to the name service: tries, failovers and delays until there is an answer or a clear failure. The decision is
// `decideRetry`; here are only the requests and the waiting.
import type { IncomingMessage } from "node:http";
import { encodePath, encodeQuery, type QueryValues } from "../address/encode-path.ts";
import { hostAndPort, parseLocation, type ServerAddress, targetOf } from "../address/server-address.ts";
import { hideTokens } from "../errors/hide-tokens.ts";
import { pageText, quote } from "../errors/quote.ts";
import { parseRemoteException } from "../errors/remote-exception.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { Exchange, type ExchangeTarget } from "../http/exchange.ts";
import { ExchangeFailure } from "../http/exchange-failure.ts";
import { bodyText } from "../http/read-body.ts";
import { type OperationName, operations } from "../operations/operation-table.ts";
import { answerChallenge, errorBytesMax, ticketAdvice } from "./answer-challenge.ts";
import { type CallDeadline, orAborted, startDeadline } from "./call-deadline.ts";
import { FailedTry, networkFailure, protocolFailure, remoteFailure } from "./call-failure.ts";
import { CallProgress } from "./call-progress.ts";
import type { ClientContext } from "./client-context.ts";

/** What to ask. */
export interface NameNodeCall {
  readonly operation: OperationName;
  readonly path: string;
  readonly query?: QueryValues | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The answer. */
export type NameNodeAnswer =
  /** The rest is at another server. */
  | {
      readonly kind: "redirect";
      readonly target: ExchangeTarget;
      readonly status: number;
      readonly server: ServerAddress;
      readonly dateMs: number;
    }
  | { readonly kind: "text"; readonly text: string; readonly status: number; readonly server: ServerAddress }
  /** A gateway gives the file itself; `release` when it is read. */
  | {
      readonly kind: "body";
      readonly exchange: Exchange;
      readonly response: IncomingMessage;
      readonly server: ServerAddress;
      readonly release: () => void;
    };

/** Identity in requests; a browser's would switch on Hadoop's protection against forged requests. */
const userAgent = "hdfs-webhdfs-client";

/** Headers of each request; the empty X-XSRF-HEADER satisfies that protection where it is on for all. */
const baseHeaders = { "user-agent": userAgent, "x-xsrf-header": '""', "accept-encoding": "identity" } as const;

/**
 * Headers for the second step: a gateway that redirects to itself wants its cookie and the caller's own headers again,
 * which may be credentials. A DataNode, or whoever else a redirect leads to, gets neither.
 */
export function redirectHeaders(context: ClientContext, target: ExchangeTarget): Readonly<Record<string, string>> {
  const { secure, host, port } = target;
  const same = context.nameService.servers.find(
    (server) => server.host === host && server.port === port && server.secure === secure,
  );
  if (same === undefined) return baseHeaders;
  return { ...baseHeaders, ...context.options.headers, ...context.authenticator.headers(same) };
}

/**
 * Ask the name service.
 * @throws {WebHdfsError} when no server of it gave an answer in time, or the answer is an exception
 */
export async function askNameNode(context: ClientContext, call: NameNodeCall): Promise<NameNodeAnswer> {
  const deadline = startDeadline(context.options.clock, context.options.callTimeoutMs, call.signal);
  const progress = new CallProgress(context, call);
  let kept = false;
  try {
    for (;;) {
      const server = context.nameService.current();
      try {
        const answer = await askOnce(context, { call, server, deadline });
        kept = answer.kind === "body";
        return answer;
      } catch (error) {
        if (deadline.signal.aborted || !(error instanceof FailedTry)) throw error;
        await progress.afterFailure(error, server, deadline.signal);
      }
    }
  } catch (error) {
    if (call.signal?.aborted === true) throw call.signal.reason;
    if (deadline.expired) throw progress.outOfTime();
    throw error;
  } finally {
    if (!kept) deadline.end();
  }
}

/** One try of a call. */
export interface Try {
  readonly call: NameNodeCall;
  readonly server: ServerAddress;
  readonly deadline: CallDeadline;
}

async function askOnce(context: ClientContext, once: Try): Promise<NameNodeAnswer> {
  const { call, server, deadline } = once;
  const { authenticator } = context;
  const encodedPath = encodePath(call.operation, call.path);
  const query = encodeQuery({
    op: call.operation,
    ...(await orAborted(authenticator.query(), deadline.signal)),
    ...call.query,
  });
  const target = targetOf(server, `${server.basePath}${encodedPath}?${query}`);
  const spec = operations[call.operation];
  const send = async (headers: Readonly<Record<string, string>>) => {
    const exchange = new Exchange(context.tools, {
      target,
      method: spec.method,
      headers: {
        ...baseHeaders,
        ...context.options.headers,
        ...headers,
        ...(spec.method === "PUT" || spec.method === "POST" ? { "content-length": "0" } : {}),
      },
      body: "none",
      // What must not be sent twice is not sent on a connection that may be stale.
      fresh: !spec.idempotent,
      signal: deadline.signal,
    });
    const response = await exchange.head();
    context.nameService.noteAnswer();
    authenticator.noteCookies(server, response.headers["set-cookie"]);
    return { exchange, response };
  };
  try {
    let sent = await send(authenticator.headers(server));
    if (sent.response.statusCode === 401) sent = (await answerChallenge(once, authenticator, { sent, send })) ?? sent;
    return await readAnswer(context, once, sent);
  } catch (error) {
    if (deadline.signal.aborted || !(error instanceof ExchangeFailure)) throw error;
    throw new FailedTry(networkFailure(call, error, server.label));
  }
}

/** A request that was answered. */
export type Sent = { readonly exchange: Exchange; readonly response: IncomingMessage };

async function readAnswer(context: ClientContext, once: Try, sent: Sent): Promise<NameNodeAnswer> {
  const { call, server, deadline } = once;
  const { exchange, response } = sent;
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    await bodyText(exchange, response, errorBytesMax);
    const dateMs = Date.parse(response.headers.date ?? "");
    return { kind: "redirect", target: redirectTarget(context, once, location), status, server, dateMs };
  }
  const success = status >= 200 && status < 300;
  if (success && (call.operation === "OPEN" || call.operation === "GETFILECHECKSUM")) {
    // The call has its answer; the file itself takes as long as it is long.
    deadline.stopClock();
    return { kind: "body", exchange, response, server, release: () => deadline.end() };
  }
  const bytesMax = success ? context.options.replyBytesMax : errorBytesMax;
  const text = await bodyText(exchange, response, bytesMax);
  if (success && text !== undefined) return { kind: "text", text, status, server };
  if (success) {
    const reason = `the reply has more than ${bytesMax} bytes; list in pages or raise "replyBytesMax"`;
    throw new FailedTry(protocolFailure(call, { status, server: server.label, reason }));
  }
  const challenge = response.headers["www-authenticate"];
  throw refusal(call, { status, server: server.label, text: text ?? "", challenge });
}

/** The failure in an answer that is no success. */
export function refusal(
  call: Pick<NameNodeCall, "operation" | "path">,
  answer: {
    readonly status: number;
    readonly server: string;
    readonly text: string;
    /** `WWW-Authenticate`, if there was one. */
    readonly challenge?: string | undefined;
  },
): FailedTry {
  const { operation, path } = call;
  const { status, server } = answer;
  const text = hideTokens(answer.text);
  const subject = { operation, path };
  const remote = parseRemoteException(text);
  if (remote !== undefined) return new FailedTry(remoteFailure(subject, remote, { status, server }));
  const said = pageText(text);
  // Refusals by the filter before WebHDFS have no exception: 401 asks for credentials, 403 does not take them.
  if (status === 401 || status === 403) {
    const wanted = answer.challenge === undefined ? "" : ` by ${quote(hideTokens(answer.challenge))}`;
    const what = status === 401 ? `wants credentials${wanted}` : "refuses the credentials";
    const error = new WebHdfsError({
      kind: "unauthenticated",
      ...subject,
      reason: `the server ${what}, HTTP ${status} from ${server}${said === "" ? "" : ` (${said})`}`,
      advice:
        status === 401
          ? `use Kerberos or a delegation token (option "auth"; for Kerberos ${ticketAdvice})`
          : "check principal, realm and clock",
      status,
      server,
      outcome: "not-done",
    });
    return new FailedTry({ kind: "final", error });
  }
  // 502 to 504 come from proxies and say that the server behind is away: it may have got the request.
  const kind = status >= 502 && status <= 504 ? "lost" : "final";
  return new FailedTry(
    protocolFailure(subject, {
      status,
      server,
      reason: said === "" ? "the answer is no WebHDFS answer" : `the answer is no WebHDFS answer (${said})`,
      kind,
    }),
  );
}

function redirectTarget(context: ClientContext, once: Try, location: string): ExchangeTarget {
  const { call, server } = once;
  const { operation, path } = call;
  const target = parseLocation(location, server, context.options.hostMap);
  if (target === undefined) {
    // Without its query, which may hold a token.
    const [shown = ""] = location.split("?", 1);
    const reason = `the redirect to ${quote(shown.slice(0, 100))} is no HTTP address`;
    throw new FailedTry(protocolFailure({ operation, path }, { status: 307, server: server.label, reason }));
  }
  if (server.secure && !target.secure && !context.options.insecureRedirects) {
    throw new WebHdfsError({
      kind: "protocol",
      operation,
      path,
      reason: `${server.label} redirects from https to http at ${hostAndPort(target)}`,
      advice: 'set dfs.http.policy to HTTPS_ONLY on the DataNodes, or allow it by "insecureRedirects"',
      option: "insecureRedirects",
      server: server.label,
      outcome: "not-done",
    });
  }
  return target;
}
