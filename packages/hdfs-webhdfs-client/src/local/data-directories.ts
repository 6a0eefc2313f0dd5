// The data directories of a DataNode, which its /jmx page tells.
import type { ClientContext } from "../calls/client-context.ts";
import { Exchange } from "../http/exchange.ts";
import { bodyText } from "../http/read-body.ts";
import type { DataNodeAddress } from "../model/block-location.ts";
import { LocalReadFailure } from "./block-file.ts";

/** The page has a few kilobytes. */
const pageBytesMax = 1024 * 1024;

const query = "/jmx?qry=Hadoop:service=DataNode,name=DataNodeInfo";

/**
 * Ask a DataNode once; it keeps its directories while it lives.
 * @throws {LocalReadFailure} when it does not tell
 */
export async function dataDirectoriesOf(
  context: ClientContext,
  node: DataNodeAddress,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const key = `${node.ip}:${node.xferPort}`;
  const known = context.dataDirectories.get(key);
  if (known !== undefined) return known;
  const found = await ask(context, node, signal);
  context.dataDirectories.set(key, found);
  return found;
}

async function ask(
  context: ClientContext,
  node: DataNodeAddress,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const secure = node.infoPort === 0;
  const port = secure ? node.secureInfoPort : node.infoPort;
  const target = { secure, host: node.host, port, connectHost: node.host, connectPort: port, pathAndQuery: query };
  try {
    const exchange = new Exchange(context.tools, {
      target,
      method: "GET",
      headers: {},
      body: "none",
      fresh: false,
      signal,
    });
    const response = await exchange.head();
    const text = (await bodyText(exchange, response, pageBytesMax)) ?? "";
    const page = JSON.parse(text) as { readonly beans: readonly { readonly VolumeInfo?: string }[] };
    const volumes = JSON.parse(page.beans[0]?.VolumeInfo ?? "{}") as object;
    // Older versions name the folder `current` within it.
    return Object.keys(volumes).map((path) => path.replace(/\/current\/?$/u, ""));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new LocalReadFailure(`${node.host}:${port} does not tell its data directories`, { cause });
  }
}
