// One GET that ends at a DataNode (OPEN, GETFILECHECKSUM), or at a gateway that answers itself.
import type { IncomingMessage } from "node:http";
import type { QueryValues } from "../address/encode-path.ts";
import { hostAndPort } from "../address/server-address.ts";
import { isBlockMissing, isInvalidToken } from "../errors/remote-exception.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { Exchange, type ExchangeTarget } from "../http/exchange.ts";
import { ExchangeFailure } from "../http/exchange-failure.ts";
import { bodyText } from "../http/read-body.ts";
import { askNameNode, redirectHeaders, refusal } from "./ask-name-node.ts";
import { type CallSubject, FailedTry } from "./call-failure.ts";
import type { ClientContext } from "./client-context.ts";
import { describeFailure, type Remedy, remedyOfSpeech } from "./describe-failure.ts";
import { excludedNow } from "./exclude-data-nodes.ts";

/** What to get. */
export interface DownloadCall {
  readonly operation: "OPEN" | "GETFILECHECKSUM";
  readonly path: string;
  readonly query?: QueryValues;
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose body is still to be read; call `release` afterwards. */
export interface Download {
  readonly exchange: Exchange;
  readonly response: IncomingMessage;
  readonly target: ExchangeTarget;
  readonly release: () => void;
}

/** A DataNode failed; another may do. */
export class DataNodeFailure extends Error {
  override readonly name = "DataNodeFailure";
  /** The error that people get if no other DataNode does. */
  readonly error: WebHdfsError;
  /** Whose failure it is; undefined if the name service knows of no DataNode that has the block. */
  readonly target: ExchangeTarget | undefined;
  /** No DataNode was left because suspects were kept out; they are forgiven now. */
  readonly forgiven: boolean;

  constructor(error: WebHdfsError, target: ExchangeTarget | undefined, forgiven = false) {
    super(error.message);
    this.error = error;
    this.target = target;
    this.forgiven = forgiven;
  }
}

/** Answers that are no success are read up to here. */
const errorBytesMax = 256 * 1024;

/**
 * Ask the name service for a DataNode and open the file there.
 * @throws {DataNodeFailure} when another try may help, {WebHdfsError} when not
 */
export async function openDownload(context: ClientContext, call: DownloadCall): Promise<Download> {
  const query = { ...call.query, excludedatanodes: excludedNow(context) };
  let answer;
  try {
    answer = await askNameNode(context, { ...call, query });
  } catch (error) {
    if (error instanceof WebHdfsError && error.remoteMessage !== undefined && isMissing(error)) {
      throw new DataNodeFailure(error, undefined, context.dataNodes.forgive());
    }
    throw error;
  }
  if (answer.kind === "body") {
    const { exchange, response, release } = answer;
    return { exchange, response, target: exchange.target, release };
  }
  if (answer.kind === "text") {
    const { status, text } = answer;
    throw refusal(call, { status, server: answer.server.label, text }).failure.error;
  }
  return await openAtDataNode(context, call, answer.target);
}

function isMissing(error: WebHdfsError): boolean {
  const { exception = "", javaClassName = "", remoteMessage = "" } = error;
  return isBlockMissing({ exception, javaClassName, message: remoteMessage });
}

async function openAtDataNode(context: ClientContext, call: DownloadCall, target: ExchangeTarget): Promise<Download> {
  const { signal } = call;
  try {
    const exchange = new Exchange(context.tools, {
      target,
      method: "GET",
      headers: redirectHeaders(context, target),
      body: "none",
      fresh: false,
      signal,
    });
    const response = await exchange.head();
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return { exchange, response, target, release: () => undefined };
    const text = (await bodyText(exchange, response, errorBytesMax)) ?? "";
    throw refusal(call, { status, server: hostAndPort(target), text });
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw dataNodeError(call, target, error);
  }
}

/** Sort a failure at a DataNode: worth another DataNode, or final. */
export function dataNodeError(call: CallSubject, target: ExchangeTarget, error: unknown): unknown {
  if (error instanceof ExchangeFailure) return new DataNodeFailure(unreachable(call, target, error), target);
  if (!(error instanceof FailedTry)) return error;
  const { kind, error: final, remote } = error.failure;
  // Without an exception a server error is the DataNode's own trouble, as is a block that it cannot get at. An invalid
  // token at a DataNode is a block token's, which the next redirect renews.
  const passing =
    kind !== "final" ||
    (remote === undefined ? (final.status ?? 0) >= 500 : isBlockMissing(remote) || isInvalidToken(remote));
  return passing ? new DataNodeFailure(final, target) : final;
}

/** The error of a DataNode that cannot be reached or went away. */
export function unreachable(
  call: { readonly operation: string; readonly path: string },
  target: ExchangeTarget,
  failure: ExchangeFailure,
): WebHdfsError {
  const server = hostAndPort(target);
  const mapped = target.connectHost === target.host ? "" : `, mapped to ${target.connectHost}:${target.connectPort},`;
  const kind = failure.code === "TIMEOUT" ? "timeout" : failure.phase === "body" ? "incomplete" : "unreachable";
  return new WebHdfsError({
    kind: failure.beforeRequest ? "unreachable" : kind,
    operation: call.operation,
    path: call.path,
    reason: `DataNode ${server}${mapped} of the redirect: ${describeFailure(failure)}`,
    ...remedyAtDataNode(target, failure),
    server,
    outcome: failure.beforeRequest ? "not-done" : "unknown",
    cause: failure,
  });
}

function remedyAtDataNode(target: ExchangeTarget, failure: ExchangeFailure): Remedy {
  const remedy = remedyOfSpeech(failure);
  if (remedy !== undefined) return remedy;
  if (!failure.beforeRequest) return { advice: "check that DataNode; the file may still be readable from another" };
  const unknown = failure.code === "ENOTFOUND" || failure.code === "EAI_AGAIN";
  const what = unknown ? "make the name reachable from here" : "see that the DataNode runs, and where it is for us";
  const advice = `${what}: option "hostMap" ({ "${target.host}": "address" }), or dfs.datanode.hostname on the DataNode`;
  return { advice, option: "hostMap" };
}
