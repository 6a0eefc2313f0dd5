// The beginning of a two-step write: a DataNode from the name service, and a connection to it. The body goes to the
// DataNode only. Up to here nothing has been sent that could make a file, so another DataNode may be tried.
import type { QueryValues } from "../address/encode-path.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { isBlockMissing } from "../errors/remote-exception.ts";
import { Exchange, type ExchangeTarget } from "../http/exchange.ts";
import { targetOf } from "../address/server-address.ts";
import { askNameNode, redirectHeaders, type NameNodeAnswer, refusal } from "./ask-name-node.ts";
import type { ClientContext } from "./client-context.ts";
import { excludedNow } from "./exclude-data-nodes.ts";
import { DataNodeFailure, dataNodeError } from "./open-download.ts";
import { DataNodeRetries } from "./retry-data-nodes.ts";
import { operations } from "../operations/operation-table.ts";
import { encodePath, encodeQuery } from "../address/encode-path.ts";

/** What to write to. */
export interface UploadCall {
  readonly operation: "CREATE" | "APPEND";
  readonly path: string;
  readonly query: QueryValues;
  /** Length of the body, to be announced; undefined: it is sent in chunks. */
  readonly bytes: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A connected DataNode that waits for the body. */
export interface Upload {
  readonly exchange: Exchange;
  readonly target: ExchangeTarget;
}

/** Find a DataNode and connect to it. */
export async function openUpload(context: ClientContext, call: UploadCall): Promise<Upload> {
  const retries = new DataNodeRetries(context, call.signal);
  for (;;) {
    try {
      return await openOnce(context, call);
    } catch (error) {
      const blocks = call.operation === "APPEND" ? { path: call.path, offset: 0 } : undefined;
      await retries.afterFailure(error, blocks);
    }
  }
}

async function openOnce(context: ClientContext, call: UploadCall): Promise<Upload> {
  const { operation, path, bytes, signal } = call;
  const query = { ...call.query, excludedatanodes: excludedNow(context) };
  const target = await chooseTarget(context, call, query);
  const exchange = new Exchange(context.tools, {
    target,
    method: operations[operation].method,
    headers: {
      ...redirectHeaders(context, target),
      // HttpFS answers 400 without a body to any other type.
      "content-type": "application/octet-stream",
      ...(bytes === undefined ? { "transfer-encoding": "chunked" } : { "content-length": String(bytes) }),
    },
    body: "upload",
    fresh: true,
    signal,
  });
  try {
    await exchange.connected;
    return { exchange, target };
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw dataNodeError({ operation, path }, target, error);
  }
}

async function chooseTarget(context: ClientContext, call: UploadCall, query: QueryValues): Promise<ExchangeTarget> {
  const { operation, path, signal } = call;
  let answer: NameNodeAnswer;
  try {
    answer = await askNameNode(context, { operation, path, query, signal });
  } catch (error) {
    if (!(error instanceof WebHdfsError)) throw error;
    const { exception = "", javaClassName = "", remoteMessage = "" } = error;
    if (!isBlockMissing({ exception, javaClassName, message: remoteMessage })) throw error;
    // With the suspects kept out no DataNode is left: better a suspect than none. With none kept out none has registered
    // yet, as after a restart of all.
    throw new DataNodeFailure(error, undefined, context.dataNodes.forgive());
  }
  switch (answer.kind) {
    case "redirect":
      return answer.target;
    case "text":
      if (answer.status === 200 || answer.status === 201) return await gatewayTarget(context, call, answer);
      throw refusal(call, { status: answer.status, server: answer.server.label, text: answer.text }).failure.error;
    case "body":
      answer.exchange.destroy();
      answer.release();
      throw refusal(call, { status: 200, server: answer.server.label, text: "" }).failure.error;
  }
}

/**
 * A gateway took the empty first request for the file itself. The same address takes the content, with `data=true`; the
 * empty file is ours, so it may be overwritten.
 */
async function gatewayTarget(
  context: ClientContext,
  call: UploadCall,
  answer: Extract<NameNodeAnswer, { kind: "text" }>,
): Promise<ExchangeTarget> {
  const { operation, path } = call;
  const own = operation === "CREATE" ? { overwrite: true } : {};
  const auth = await context.authenticator.query();
  const query = encodeQuery({ op: operation, ...auth, ...call.query, ...own, data: true });
  return targetOf(answer.server, `${answer.server.basePath}${encodePath(operation, path)}?${query}`);
}
